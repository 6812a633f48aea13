package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerNews.Done;
import dev.jkubelet.pod.ContainerNews.Failed;
import dev.jkubelet.pod.ContainerNews.Prepared;
import dev.jkubelet.pod.ContainerNews.Probed;
import dev.jkubelet.pod.ContainerNews.TimeUp;
import dev.jkubelet.pod.ContainerSteps.Outlook;
import dev.jkubelet.pod.ContainerSteps.Step;
import dev.jkubelet.pod.ContainerSteps.Wish;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.RuntimeEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
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
  public sealed interface Command permits Order, Desire, Hint, Relisted, ContainerNews {}

  /**
   * What the pod wants of the container from now on: to run in that habitat, after an instance of
   * another one is ended; to be dead; or to be dead and gone, within less time if it is being ended
   * already.
   */
  record Order(Wish wish) implements Command {}

  /** Be made as the pod has it now; what runs and was made otherwise is replaced. */
  record Desire(ContainerCalls newer) implements Command {}

  /** The engine hinted at one of this container's instances. */
  record Hint(RuntimeEvent event) implements Command {}

  /** The engine's list of this container's instances, a moment ago. */
  record Relisted(List<ContainerSummary> instances) implements Command {}

  /** What the pod hears at every change. */
  record Report(String name, ContainerLife life, Outlook outlook, Health health) {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<Report> pod;
  private final ContainerProbes probes;
  private final ContainerPlan plan;
  private Outlook outlook = Outlook.UNSETTLED;
  private int lastCall;

  private ContainerActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<Report> pod,
      ContainerCalls calls) {
    this.context = context;
    this.timers = timers;
    this.pod = pod;
    this.probes = new ContainerProbes(context);
    this.plan = new ContainerPlan(calls);
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
                      calls.looks().observe(ContainerLife.UNKNOWN, instances));
                }));
  }

  /** No call under way: take the next step. */
  private Behavior<Command> step(ContainerLife life, Wish wish) {
    timers.cancel(TimeUp.INSTANCE);
    probes.follow(life, wish, calls());
    return switch (plan.next(life, wish, probes.unhealthy())) {
      case Step.Observe() -> call(life, wish, calls().looks().observe(life));
      case Step.RemoveStrays(var ids) -> call(life, wish, calls().stops().removeStrays(life, ids));
      case Step.Resize resize -> call(life, wish, calls().resize(life, resize));
      case Step.Stop stop ->
          call(life, wish, calls().stops().stop(life, stop), EngineCall.stopping(stop));
      case Step.Kill kill ->
          call(life, wish, calls().stops().kill(life, kill), EngineCall.killing(kill));
      case Step.Launch launch -> prepare(life, wish, launch);
      case Step.Start(var id) ->
          call(life, wish, calls().launches().start(life, id), EngineCall.LAUNCHING);
      case Step.Rest(var next) -> resting(life, wish, next);
      case Step.WaitUntil(var at, var next) -> {
        timers.startSingleTimer(
            TimeUp.INSTANCE, TimeUp.INSTANCE, Duration.between(calls().now(), at));
        yield resting(life, wish, next);
      }
      case Step.Ended() -> {
        report(life, Outlook.UNSETTLED);
        yield Behaviors.stopped();
      }
    };
  }

  private ContainerCalls calls() {
    return plan.calls();
  }

  /** Whoever is to end does not wait for what was to come. */
  private Behavior<Command> ordered(ContainerLife life, Wish wish) {
    return step(wish instanceof Wish.Run ? life : life.set(Optional.empty()), wish);
  }

  private void report(ContainerLife life, Outlook next) {
    calls().foresee(outlook, next);
    outlook = next;
    pod.tell(new Report(calls().name(), life, next, probes.health()));
  }

  /** Nothing to do until something is said, happens, or is due. */
  private Behavior<Command> resting(ContainerLife life, Wish wish, Outlook ahead) {
    report(life, ahead);
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Order(var next) when next.equals(wish) -> Behaviors.same();
              case Order(var next) -> ordered(life, next);
              case Desire(var newer) -> step(plan.change(newer, life), wish);
              case Probed(var verdict) ->
                  probes.heard(verdict, calls()) ? step(life, wish) : Behaviors.same();
              case TimeUp _ -> step(life, wish);
              case Hint(var event) -> looked(life, wish, calls().looks().lookAfter(event, life));
              case Relisted(var all) -> looked(life, wish, calls().looks().lookAfter(all, life));
              case Done _, Prepared _, Failed _ -> Behaviors.same();
            });
  }

  /** Images first: the one step that may take minutes and can be walked away from. */
  private Behavior<Command> prepare(ContainerLife life, Wish wish, Step.Launch launch) {
    var next = launch.afterFailure() ? life.backingOff(calls().nextBackoff(life)) : life;
    report(next, Outlook.UNSETTLED);
    return preparing(next, wish, launch, pipe(calls().launches().prepare(), Prepared::new));
  }

  private Behavior<Command> preparing(ContainerLife life, Wish wish, Step.Launch launch, int call) {
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Prepared(var number, var image) when number == call ->
                  switch (image) {
                    case Launch.Prepared.Ready(var ready) when wish instanceof Wish.Make ->
                        call(
                            life,
                            wish,
                            calls().launches().make(life, launch, ready),
                            EngineCall.MAKING);
                    case Launch.Prepared.Ready(var ready) ->
                        call(
                            life,
                            wish,
                            calls().launches().launch(life, launch, ready),
                            EngineCall.LAUNCHING);
                    case Launch.Prepared.NotReady refusal ->
                        step(
                            life.set(Optional.of(calls().launches().setback(refusal, life))), wish);
                  };
              case Failed(var number, var cause) when number == call ->
                  step(calls().afterFailure(life, cause), wish);
              case Order(var next) when next.equals(wish) -> Behaviors.same();
              case Order(Wish.Live next) when wish instanceof Wish.Make ->
                  preparing(life, next, launch.in(next.habitat()), call);
              case Order(var next) -> ordered(life, next);
              case Desire(var newer) -> {
                var next = plan.change(newer, life);
                yield next.equals(life) ? Behaviors.same() : step(next, wish);
              }
              case Hint _, Relisted _, ContainerNews _ -> Behaviors.same();
            });
  }

  /** Only the answer to the last call counts. */
  private <T> int pipe(CompletionStage<T> stage, BiFunction<Integer, T, Command> answer) {
    int call = ++lastCall;
    context.pipeToSelf(
        stage,
        (value, cause) -> cause == null ? answer.apply(call, value) : new Failed(call, cause));
    return call;
  }

  private Behavior<Command> looked(
      ContainerLife life, Wish wish, Optional<CompletionStage<ContainerLife>> look) {
    return look.map(stage -> call(life, wish, stage)).orElseGet(Behaviors::same);
  }

  private Behavior<Command> call(
      ContainerLife life, Wish wish, CompletionStage<ContainerLife> stage) {
    return call(life, wish, stage, EngineCall.PLAIN);
  }

  private Behavior<Command> call(
      ContainerLife life, Wish wish, CompletionStage<ContainerLife> stage, EngineCall kind) {
    return calling(life, wish, pipe(stage, Done::new), kind, false);
  }

  /**
   * One call to the engine is under way, and nothing else begins before it ends or times out, but
   * for a stop that is to be quicker.
   *
   * @param stale a hint came that the answer may not know of
   */
  private Behavior<Command> calling(
      ContainerLife life, Wish wish, int call, EngineCall kind, boolean stale) {
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Done(var number, var after) when number == call ->
                  answered(kind.answer(after), wish, kind, stale);
              case Failed(var number, var cause) when number == call ->
                  step(calls().afterFailure(life, cause), wish);
              case Desire(var newer) -> {
                var next = plan.change(newer, life);
                yield calling(next, wish, call, kind.after(life, next), stale);
              }
              case Order(var next) when kind.outlasts(next) -> hasten(life, next, kind);
              case Order(var next) -> calling(life, next, call, kind, stale);
              case Probed(var verdict) -> {
                if (probes.heard(verdict, calls())) {
                  report(life, outlook);
                }
                yield Behaviors.same();
              }
              case Hint(var event) when kind.launching() && !Hints.ends(event) -> Behaviors.same();
              case Hint _ -> calling(life, wish, call, kind, true);
              case Relisted _, ContainerNews _ -> Behaviors.same();
            });
  }

  private Behavior<Command> answered(
      ContainerLife life, Wish wish, EngineCall kind, boolean stale) {
    if (kind.launched() && calls().hooks().afterStart()) {
      var hooking = kind.hooking(life.current().orElseThrow().id());
      return calling(life, wish, pipe(calls().stops().postStart(life), Done::new), hooking, stale);
    }
    boolean look = stale && life.setback().isEmpty();
    return look ? call(life, wish, calls().looks().look(life)) : step(life, wish);
  }

  private Behavior<Command> hasten(ContainerLife life, Wish wish, EngineCall kind) {
    var stop = kind.sooner(wish);
    var stage =
        kind.launching() ? calls().stops().stop(life, stop) : calls().stops().hasten(life, stop);
    return call(life, wish, stage, EngineCall.stopping(stop));
  }
}
