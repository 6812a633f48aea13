package dev.jkubelet.pod;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.PodSteps.Step;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.RuntimeEvent;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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
  public sealed interface Command permits Terminate, Said, EngineHint, Relisted, PodNews {}

  /** What is said of a pod, and counts with its next step. */
  public sealed interface Said extends Command {}

  /**
   * End and leave nothing behind; then this actor stops. Told again, with less time, it hurries.
   *
   * @param grace for the containers; empty: the pod's own
   */
  public record Terminate(Optional<Duration> grace) implements Command {
    /** Within the pod's own grace period. */
    public Terminate() {
      this(Optional.empty());
    }
  }

  /**
   * The pod has failed, for the node needs what it takes; its containers end within that time.
   *
   * @param reason {@code Evicted} or {@code Preempting}
   */
  public record Evict(String reason, String message, Duration grace) implements Said {}

  /**
   * The same pod with what may change in it: metadata, images, its deadline, others' conditions.
   */
  public record Desire(Pod newer) implements Said {}

  /** Objects of the cluster that the pod refers to are not what they were. */
  public record ObjectsChanged() implements Said {}

  /** The engine hinted at one of this pod's containers. */
  public record EngineHint(RuntimeEvent event) implements Command {}

  /** The engine's list of this pod's containers and sandboxes, a moment ago. */
  public record Relisted(List<ContainerSummary> all) implements Command {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final PodMemory memory;
  private final ContainerActors containers;
  private final PodEnding ending;
  private boolean changed;

  private PodActor(
      ActorContext<Command> context, TimerScheduler<Command> timers, PodMemory memory) {
    this.context = context;
    this.timers = timers;
    this.memory = memory;
    this.containers = new ContainerActors(context);
    this.ending = new PodEnding(context, timers, memory, containers);
  }

  /**
   * A pod that is to run, or that ran and is to be told of; the engine is asked first what is there
   * already. Restarted with back-off when it fails.
   *
   * @param pod its status, if it has one, is carried on
   * @param node hears of every change
   */
  public static Behavior<Command> create(
      Pod pod, PodServices services, ActorRef<PodSnapshot> node) {
    services.spans().admitted(pod);
    var memory = new PodMemory(pod, services, node);
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context ->
                    Behaviors.withTimers(
                        timers -> new PodActor(context, timers, memory).step(PodLife.UNKNOWN))))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2));
  }

  /**
   * A pod that nobody wants any more but of which something may be left, found by its labels,
   * folder or cgroup.
   */
  public static Behavior<Command> orphan(PodKey key, PodServices services) {
    return PodEnding.ofOrphan(key, services);
  }

  /** No call under way: take the next step. */
  private Behavior<Command> step(PodLife life) {
    timers.cancel(PodNews.TimeUp.INSTANCE);
    var now = memory.services().clock().instant();
    memory.publish(life);
    memory.timeLeft().ifPresent(left -> remind(PodNews.TimeUp.DEADLINE, left));
    life.renewal()
        .filter(now::isBefore)
        .ifPresent(at -> remind(PodNews.TimeUp.RENEWAL, Duration.between(now, at)));
    var calls = memory.calls();
    return switch (next(life, now)) {
      case Step.Observe() -> observe(life);
      case Step.SetUp() -> call(life, calls.setUp(life));
      case Step.StartSandbox(var attempt) -> call(life, calls.startSandbox(attempt, life, made()));
      case Step.StopSandbox(var id) -> call(life, calls.stopSandbox(id));
      case Step.ReleaseVolumes() -> call(life, calls.releaseVolumes());
      case Step.Run(var names, var habitat) -> {
        containers.run(names, habitat);
        yield resting(life.unhindered());
      }
      case Step.Halt(var names) -> {
        containers.halt(names, memory.haltWithin());
        yield resting(life);
      }
      case Step.Rest() -> resting(life.unhindered());
      case Step.WaitUntil(var at) -> {
        remind(PodNews.TimeUp.INSTANCE, Duration.between(now, at));
        yield resting(life);
      }
    };
  }

  private Consumer<Habitat> made() {
    var self = context.getSelf();
    return habitat -> self.tell(new PodNews.SandboxMade(habitat));
  }

  private void remind(PodNews.TimeUp of, Duration after) {
    timers.startSingleTimer(of, of, after);
  }

  private Step next(PodLife life, Instant now) {
    return memory.over()
        ? PodSteps.afterEnd(memory.pod(), life, memory.services().settings().keepVolumes(), now)
        : PodSteps.next(memory.pod(), life, now);
  }

  private Behavior<Command> resting(PodLife life) {
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case PodNews.ContainerChanged(var report) -> step(life.with(report));
              case EngineHint(var event) ->
                  containers.hint(event, life) ? step(life.forgotten()) : Behaviors.same();
              case Relisted(var all) ->
                  containers.relisted(all, life) ? step(life.forgotten()) : Behaviors.same();
              case PodNews.TimeUp _ -> step(life);
              case Said said -> {
                heed(said);
                yield answered(life, false);
              }
              case Terminate(var grace) -> {
                memory.endWithin(grace);
                yield end(life);
              }
              case PodNews.ContainerEnded(var name) ->
                  throw new IllegalStateException(name + " ended by itself");
              case PodNews.ContainerGone _,
                  PodNews.SandboxMade _,
                  PodNews.Done _,
                  PodNews.Observed _,
                  PodNews.Failed _,
                  PodNews.Removed _,
                  PodNews.RemovalFailed _ ->
                  Behaviors.same();
            });
  }

  private Behavior<Command> observe(PodLife life) {
    context.pipeToSelf(
        memory.calls().observe(),
        (seen, failure) ->
            failure == null ? new PodNews.Observed(seen) : new PodNews.Failed(failure));
    return calling(life, false);
  }

  private Behavior<Command> call(PodLife life, CompletionStage<Function<PodLife, PodLife>> stage) {
    context.pipeToSelf(
        stage,
        (outcome, failure) ->
            failure == null ? new PodNews.Done(outcome) : new PodNews.Failed(failure));
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
              case PodNews.Done(var outcome) -> answered(outcome.apply(life), stale);
              case PodNews.Observed(var seen) -> {
                containers.spawn(memory, seen);
                var next = life.observed(seen.sandbox());
                yield memory.ending().isPresent() ? end(next) : answered(next, stale);
              }
              case PodNews.SandboxMade(var habitat) -> {
                containers.make(PodSteps.early(memory.pod(), life, habitat.sandboxId()), habitat);
                yield Behaviors.same();
              }
              case PodNews.Failed(var cause) ->
                  answered(memory.calls().afterFailure(life, cause), stale);
              case PodNews.ContainerChanged(var report) -> {
                var next = life.with(report);
                memory.publish(next);
                yield calling(next, stale);
              }
              case EngineHint(var event) -> calling(life, containers.hint(event, life) || stale);
              case Relisted(var all) -> calling(life, containers.relisted(all, life) || stale);
              case Said said -> {
                heed(said);
                yield Behaviors.same();
              }
              case Terminate(var grace) -> {
                var limit = memory.endWithin(grace);
                yield containers.begun() ? ending.quit(life, limit, true) : Behaviors.same();
              }
              case PodNews.ContainerEnded(var name) ->
                  throw new IllegalStateException(name + " ended by itself");
              case PodNews.ContainerGone _,
                  PodNews.TimeUp _,
                  PodNews.Removed _,
                  PodNews.RemovalFailed _ ->
                  Behaviors.same();
            });
  }

  /** What changed in the pod may change its volumes and its cgroup. */
  private Behavior<Command> answered(PodLife life, boolean stale) {
    var next = changed ? life.onChangedGround() : life;
    changed = false;
    return step(stale ? next.forgotten() : next);
  }

  private void heed(Said said) {
    switch (said) {
      case Desire(var newer) -> {
        memory.desire(newer);
        containers.desire(memory);
      }
      case Evict evict -> memory.evict(evict);
      case ObjectsChanged() -> {}
    }
    changed = true;
  }

  /** A pod that ends is looked at first: what was running is told of until it is not. */
  private Behavior<Command> end(PodLife life) {
    return containers.begun()
        ? ending.quit(life, memory.ending().orElseThrow(), false)
        : step(life);
  }
}
