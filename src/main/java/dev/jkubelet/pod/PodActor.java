package dev.jkubelet.pod;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.PodSteps.Step;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.RuntimeEvent;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One pod: its cgroup, volumes and sandbox, and an actor for each container. After every message it
 * asks {@link PodSteps} what is missing, so a lost hint only delays, and what the engine runs
 * already is adopted, not made anew.
 */
public final class PodActor {
  /** What a pod can be told. */
  public sealed interface Command {}

  /** End within the pod's own grace period and leave nothing behind; then this actor stops. */
  public record Terminate() implements Command {}

  /** The engine hinted at one of this pod's containers. */
  public record EngineHint(RuntimeEvent event) implements Command {}

  /** The engine's list of this pod's containers and sandboxes, a moment ago. */
  public record Relisted(List<ContainerSummary> all) implements Command {}

  private record ContainerChanged(ContainerActor.Report report) implements Command {}

  private record ContainerEnded(String name) implements Command {}

  private record Done(Function<PodLife, PodLife> outcome) implements Command {}

  private record Observed(PodCalls.Observation observation) implements Command {}

  private record Failed(Throwable cause) implements Command {}

  private record Removed() implements Command {}

  private record RemovalFailed(Throwable cause) implements Command {}

  private enum TimeUp implements Command {
    INSTANCE
  }

  private static final Duration REMOVAL_RETRY = Duration.ofSeconds(5);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Pod pod;
  private final PodServices services;
  private final PodCalls calls;
  private final ActorRef<PodSnapshot> node;
  private final Map<String, ActorRef<ContainerActor.Command>> containers = new HashMap<>();
  private PodStatus published;

  private PodActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Pod pod,
      PodServices services,
      ActorRef<PodSnapshot> node) {
    this.context = context;
    this.timers = timers;
    this.pod = pod;
    this.services = services;
    this.node = node;
    this.calls = new PodCalls(pod, services);
    this.published = pod.getStatus();
  }

  /**
   * A pod that is to run; the engine is asked first what is there already. Restarted with back-off
   * when it fails.
   *
   * @param node hears of every change of status
   */
  public static Behavior<Command> create(
      Pod pod, PodServices services, ActorRef<PodSnapshot> node) {
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context ->
                    Behaviors.withTimers(
                        timers ->
                            new PodActor(context, timers, pod, services, node)
                                .step(PodLife.UNKNOWN))))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2));
  }

  /**
   * A pod that nobody wants any more but of which something may be left, found by its labels,
   * folder or cgroup.
   */
  public static Behavior<Command> orphan(PodKey key, PodServices services) {
    var pod = Orphans.pod(key);
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new PodActor(context, timers, pod, services, context.getSystem().ignoreRef())
                        .remove(Optional.empty())));
  }

  /** No call under way: take the next step. */
  private Behavior<Command> step(PodLife life) {
    timers.cancel(TimeUp.INSTANCE);
    var now = services.clock().instant();
    publish(life);
    return switch (PodSteps.next(pod, life, now)) {
      case Step.Observe() -> observe(life);
      case Step.SetUp() -> call(life, calls.setUp());
      case Step.StartSandbox(var attempt) -> call(life, calls.startSandbox(attempt, life));
      case Step.StopSandbox(var id) -> call(life, calls.stopSandbox(id));
      case Step.Run(var names, var habitat) -> {
        names.forEach(name -> containers.get(name).tell(new ContainerActor.Run(habitat)));
        yield resting(life);
      }
      case Step.Rest() -> resting(life);
      case Step.WaitUntil(var at) -> {
        timers.startSingleTimer(TimeUp.INSTANCE, TimeUp.INSTANCE, Duration.between(now, at));
        yield resting(life);
      }
    };
  }

  private Behavior<Command> resting(PodLife life) {
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case ContainerChanged(var report) -> step(life.with(report));
              case EngineHint(var event) ->
                  hint(event, life) ? step(life.forgotten()) : Behaviors.same();
              case Relisted(var all) ->
                  relisted(all, life) ? step(life.forgotten()) : Behaviors.same();
              case TimeUp _ -> step(life);
              case Terminate() -> quit(calls.grace(), false);
              case ContainerEnded(var name) ->
                  throw new IllegalStateException(name + " ended by itself");
              case Done _, Observed _, Failed _, Removed _, RemovalFailed _ -> Behaviors.same();
            });
  }

  private Behavior<Command> observe(PodLife life) {
    context.pipeToSelf(
        calls.observe(),
        (seen, failure) -> failure == null ? new Observed(seen) : new Failed(failure));
    return calling(life, false);
  }

  private Behavior<Command> call(PodLife life, CompletionStage<Function<PodLife, PodLife>> stage) {
    context.pipeToSelf(
        stage, (outcome, failure) -> failure == null ? new Done(outcome) : new Failed(failure));
    return calling(life, false);
  }

  /**
   * One call of the pod's own is under way; its containers go on by themselves.
   *
   * @param stale a hint came that the answer may not know of
   */
  private Behavior<Command> calling(PodLife life, boolean stale) {
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Done(var outcome) -> answered(outcome.apply(life), stale);
              case Observed(var seen) -> {
                spawnContainers(seen);
                yield answered(life.observed(seen.sandbox()), stale);
              }
              case Failed(var cause) -> answered(life.set(calls.setback(cause, life)), stale);
              case ContainerChanged(var report) -> {
                var next = life.with(report);
                publish(next);
                yield calling(next, stale);
              }
              case EngineHint(var event) -> calling(life, hint(event, life) || stale);
              case Relisted(var all) -> calling(life, relisted(all, life) || stale);
              case Terminate() -> quit(calls.grace(), true);
              case ContainerEnded(var name) ->
                  throw new IllegalStateException(name + " ended by itself");
              case TimeUp _, Removed _, RemovalFailed _ -> Behaviors.same();
            });
  }

  private Behavior<Command> answered(PodLife life, boolean stale) {
    return step(stale ? life.forgotten() : life);
  }

  /** Containers first, each ending its own; then what remains of the pod. */
  private Behavior<Command> quit(Duration grace, boolean calling) {
    containers.values().forEach(c -> c.tell(new ContainerActor.Quit(grace)));
    return quitting(grace, calling);
  }

  private Behavior<Command> quitting(Duration grace, boolean calling) {
    if (!calling && containers.isEmpty()) {
      return remove(Optional.of(grace));
    }
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case ContainerEnded(var name) -> {
                containers.remove(name);
                yield quitting(grace, calling);
              }
              case Done _, Observed _, Failed _ -> quitting(grace, false);
              case EngineHint(var event) -> {
                hint(event, PodLife.UNKNOWN);
                yield Behaviors.same();
              }
              case ContainerChanged _,
                  Terminate _,
                  Relisted _,
                  TimeUp _,
                  Removed _,
                  RemovalFailed _ ->
                  Behaviors.same();
            });
  }

  /**
   * Everything that the engine, the disk and the cgroups still have of this pod goes, again and
   * again until it is gone; with no grace given, the one its containers are labelled with.
   */
  private Behavior<Command> remove(Optional<Duration> grace) {
    context.pipeToSelf(
        calls.remove(grace),
        (_, failure) -> failure == null ? new Removed() : new RemovalFailed(failure));
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case Removed() -> Behaviors.stopped();
              case RemovalFailed(var cause) -> {
                context
                    .getLog()
                    .warn(
                        "pod {}: not all of it could be removed, trying again: {}",
                        calls.key(),
                        cause.toString());
                timers.startSingleTimer(TimeUp.INSTANCE, TimeUp.INSTANCE, REMOVAL_RETRY);
                yield Behaviors.same();
              }
              case TimeUp _ -> remove(grace);
              case ContainerEnded _,
                  ContainerChanged _,
                  Done _,
                  Observed _,
                  Failed _,
                  Terminate _,
                  EngineHint _,
                  Relisted _ ->
                  Behaviors.same();
            });
  }

  private void spawnContainers(PodCalls.Observation seen) {
    ActorRef<ContainerActor.Report> reports =
        context.messageAdapter(ContainerActor.Report.class, ContainerChanged::new);
    PodSteps.all(pod)
        .filter(c -> !containers.containsKey(c.getName()))
        .forEach(
            c -> {
              var child =
                  context.spawn(
                      ContainerActor.create(
                          reports, new ContainerCalls(pod, c, services), seen.of(c.getName())),
                      c.getName());
              context.watchWith(child, new ContainerEnded(c.getName()));
              containers.put(c.getName(), child);
            });
  }

  /** Hands a hint on; true when it concerns the sandbox. */
  private boolean hint(RuntimeEvent event, PodLife life) {
    var container = containers.get(event.summaryName());
    if (container != null) {
      container.tell(new ContainerActor.Hint(event));
      return false;
    }
    return Hints.ends(event)
        && life.sandbox().filter(s -> s.live() && s.id().equals(event.containerId())).isPresent();
  }

  /**
   * Hands each container its part of the list; true when the list shows another sandbox than the
   * known one.
   */
  private boolean relisted(List<ContainerSummary> all, PodLife life) {
    containers.forEach(
        (name, container) ->
            container.tell(
                new ContainerActor.Relisted(
                    all.stream()
                        .filter(s -> s.type() == ContainerType.CONTAINER && s.name().equals(name))
                        .toList())));
    boolean gone =
        life.sandbox()
            .filter(PodLife.Sandbox::live)
            .filter(
                known -> all.stream().noneMatch(s -> s.id().equals(known.id()) && Hints.live(s)))
            .isPresent();
    return gone || life.setback().isPresent();
  }

  private void publish(PodLife life) {
    var status = calls.status(life, published);
    if (!status.equals(published)) {
      published = status;
      node.tell(calls.snapshot(life, status));
    }
  }
}
