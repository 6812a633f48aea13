package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerSteps.Outlook;
import dev.jkubelet.pod.ContainerSteps.Step;
import dev.jkubelet.pod.ContainerSteps.Wish;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.RuntimeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One container of a pod. The only one who makes or ends instances of its name, one call to the
 * engine at a time: that is what keeps two from living at once. Level-triggered: after every
 * message it asks {@link ContainerSteps} what is missing.
 */
public final class ContainerActor {
  /** What a container can be told. */
  public sealed interface Command {}

  /** Run in that habitat from now on; an instance of another sandbox is ended first. */
  record Run(Habitat habitat) implements Command {}

  /** End what runs, and then this actor. */
  record Quit(Duration grace) implements Command {}

  /** The engine hinted at one of this container's instances. */
  record Hint(RuntimeEvent event) implements Command {}

  /** The engine's list of this container's instances, a moment ago. */
  record Relisted(List<ContainerSummary> instances) implements Command {}

  private record Done(int call, ContainerLife life) implements Command {}

  private record Prepared(int call, Launch.Prepared image) implements Command {}

  private record Failed(int call, Throwable cause) implements Command {}

  private enum TimeUp implements Command {
    INSTANCE
  }

  /** What the pod hears at every change. */
  record Report(String name, ContainerLife life, Outlook outlook) {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<Report> pod;
  private final String name;
  private final RestartRule rule;
  private final Duration grace;
  private final ContainerCalls calls;
  private int lastCall;

  private ContainerActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<Report> pod,
      ContainerCalls calls) {
    this.context = context;
    this.timers = timers;
    this.pod = pod;
    this.calls = calls;
    this.name = calls.name();
    this.rule = calls.rule();
    this.grace = calls.grace();
  }

  /**
   * A container about which nothing is known but the engine's list of its instances.
   *
   * @param pod hears of every change
   */
  static Behavior<Command> create(
      ActorRef<Report> pod, ContainerCalls calls, List<ContainerSummary> instances) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  var actor = new ContainerActor(context, timers, pod, calls);
                  return actor.call(
                      ContainerLife.UNKNOWN,
                      new Wish.Nothing(),
                      calls.observe(ContainerLife.UNKNOWN, instances),
                      false);
                }));
  }

  /** No call under way: take the next step. */
  private Behavior<Command> step(ContainerLife life, Wish wish) {
    timers.cancel(TimeUp.INSTANCE);
    var now = calls.now();
    return switch (ContainerSteps.next(life, wish, rule, grace, now)) {
      case Step.Observe() -> call(life, wish, calls.observe(life), false);
      case Step.RemoveStrays(var ids) -> call(life, wish, calls.removeStrays(life, ids), false);
      case Step.Stop(var id, var limit) -> call(life, wish, calls.stop(life, id, limit), false);
      case Step.Launch launch -> prepare(life, wish, launch, now);
      case Step.Rest(var outlook) -> report(life, outlook, resting(life, wish));
      case Step.WaitUntil(var at, var outlook) -> {
        timers.startSingleTimer(TimeUp.INSTANCE, TimeUp.INSTANCE, Duration.between(now, at));
        yield report(life, outlook, resting(life, wish));
      }
      case Step.Ended() -> Behaviors.stopped();
    };
  }

  private Behavior<Command> report(ContainerLife life, Outlook outlook, Behavior<Command> next) {
    pod.tell(new Report(name, life, outlook));
    return next;
  }

  /** Nothing to do until something is said, happens, or is due. */
  private Behavior<Command> resting(ContainerLife life, Wish wish) {
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Run(var habitat) when wish.equals(new Wish.Run(habitat)) -> Behaviors.same();
              case Run(var habitat) -> step(life, new Wish.Run(habitat));
              case Quit(var limit) -> step(life.set(Optional.empty()), new Wish.End(limit));
              case TimeUp _ -> step(life, wish);
              case Hint(var event) ->
                  Hints.worthALook(event, life)
                      ? call(life, wish, calls.look(life, event), false)
                      : Behaviors.same();
              case Relisted(var instances) ->
                  Hints.worthALook(instances, life)
                      ? call(life, wish, calls.observe(life), false)
                      : Behaviors.same();
              case Done _, Prepared _, Failed _ -> Behaviors.same();
            });
  }

  /** Images first: the one step that may take minutes and can be walked away from. */
  private Behavior<Command> prepare(
      ContainerLife life, Wish wish, Step.Launch launch, Instant now) {
    int call = ++lastCall;
    var next = launch.afterFailure() ? life.backingOff(calls.nextBackoff(life, now)) : life;
    pod.tell(new Report(name, next, Outlook.UNSETTLED));
    context.pipeToSelf(
        calls.prepare(),
        (image, failure) ->
            failure == null ? new Prepared(call, image) : new Failed(call, failure));
    return preparing(next, wish, launch, call);
  }

  private Behavior<Command> preparing(ContainerLife life, Wish wish, Step.Launch launch, int call) {
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Prepared(var number, var image) when number == call ->
                  switch (image) {
                    case Launch.Prepared.Ready(var ready) ->
                        call(life, wish, calls.launch(life, launch, ready), true);
                    case Launch.Prepared.NotReady refusal ->
                        step(life.set(Optional.of(calls.setback(refusal, life))), wish);
                  };
              case Failed(var number, var cause) when number == call -> failed(life, wish, cause);
              case Run(var habitat) when wish.equals(new Wish.Run(habitat)) -> Behaviors.same();
              case Run(var habitat) -> step(life, new Wish.Run(habitat));
              case Quit(var limit) -> step(life.set(Optional.empty()), new Wish.End(limit));
              case Hint _, Relisted _, TimeUp _, Done _, Prepared _, Failed _ -> Behaviors.same();
            });
  }

  private Behavior<Command> call(
      ContainerLife life, Wish wish, CompletionStage<ContainerLife> stage, boolean launching) {
    int call = ++lastCall;
    context.pipeToSelf(
        stage,
        (after, failure) -> failure == null ? new Done(call, after) : new Failed(call, failure));
    return calling(life, wish, call, launching, false);
  }

  /**
   * One call to the engine is under way, and nothing else begins before it ends or times out.
   *
   * @param launching its answer will be newer than any hint that something was created or started
   * @param stale a hint came that the answer may not know of
   */
  private Behavior<Command> calling(
      ContainerLife life, Wish wish, int call, boolean launching, boolean stale) {
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Done(var number, var after) when number == call ->
                  stale ? call(after, wish, calls.look(after), false) : step(after, wish);
              case Failed(var number, var cause) when number == call -> failed(life, wish, cause);
              case Run(var habitat) -> calling(life, new Wish.Run(habitat), call, launching, stale);
              case Quit(var limit) -> calling(life, new Wish.End(limit), call, launching, stale);
              case Hint(var event) when launching && !Hints.ends(event) -> Behaviors.same();
              case Hint _ -> calling(life, wish, call, launching, true);
              case Relisted _, TimeUp _, Done _, Prepared _, Failed _ -> Behaviors.same();
            });
  }

  private Behavior<Command> failed(ContainerLife life, Wish wish, Throwable cause) {
    return step(calls.afterFailure(life, cause), wish);
  }
}
