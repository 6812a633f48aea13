package dev.jkubelet.pod;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.PodActor.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The last part of a pod's actor: containers first, each ending its own, and told of until the
 * last; then all that remains of the pod, again and again until it is gone.
 */
final class PodEnding {
  private static final Duration REMOVAL_RETRY = Duration.ofSeconds(5);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final PodMemory memory;
  private final ContainerActors containers;
  private Instant by = Instant.MAX;

  PodEnding(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PodMemory memory,
      ContainerActors containers) {
    this.context = context;
    this.timers = timers;
    this.memory = memory;
    this.containers = containers;
  }

  /** Of a pod of which only traces are left. */
  static Behavior<Command> ofOrphan(PodKey key, PodServices services) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  var nobody = context.getSystem().<PodSnapshot>ignoreRef();
                  var memory = new PodMemory(Orphans.pod(key), services, nobody);
                  return new PodEnding(context, timers, memory, new ContainerActors(context))
                      .remove(Optional.empty());
                }));
  }

  /**
   * Ends the containers.
   *
   * @param calling whether a call of the pod's own is under way, whose end is waited for
   */
  Behavior<Command> quit(PodLife life, Duration grace, boolean calling) {
    timers.cancelAll();
    quit(grace);
    return quitting(life, calling);
  }

  private void quit(Duration grace) {
    by = memory.services().clock().instant().plus(grace);
    containers.quit(memory.pod(), grace);
  }

  private Behavior<Command> quitting(PodLife life, boolean calling) {
    if (!calling && containers.allEnded()) {
      memory.publishLast(life);
      return remove(memory.ending());
    }
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case PodNews.ContainerChanged(var report) -> {
                var next = life.with(report);
                memory.publish(next);
                yield quitting(next, calling);
              }
              case PodNews.ContainerEnded(var name) -> {
                context.getSelf().tell(new PodNews.ContainerGone(name));
                yield Behaviors.same();
              }
              case PodNews.ContainerGone(var name) -> {
                containers.ended(name);
                if (containers.onlySidecars(memory.pod())) {
                  quit(PodGrace.atLeast(Duration.between(memory.services().clock().instant(), by)));
                }
                yield quitting(life, calling);
              }
              case PodNews.Done _, PodNews.Observed _, PodNews.Failed _ -> quitting(life, false);
              case PodActor.EngineHint(var event) -> {
                containers.hint(event, life);
                yield Behaviors.same();
              }
              case PodActor.Terminate(var grace) -> {
                quit(memory.endWithin(grace));
                yield Behaviors.same();
              }
              case PodActor.Said _,
                  PodActor.Relisted _,
                  PodNews.TimeUp _,
                  PodNews.SandboxMade _,
                  PodNews.Removed _,
                  PodNews.RemovalFailed _ ->
                  Behaviors.same();
            });
  }

  /**
   * Everything that the engine, the disk and the cgroups still have of this pod goes.
   *
   * @param grace empty: the one its containers are labelled with
   */
  private Behavior<Command> remove(Optional<Duration> grace) {
    context.pipeToSelf(
        memory.calls().remove(grace),
        (_, failure) ->
            failure == null ? new PodNews.Removed() : new PodNews.RemovalFailed(failure));
    return Behaviors.receiveMessage(
        command ->
            switch (command) {
              case PodNews.Removed() -> Behaviors.stopped();
              case PodNews.RemovalFailed(var cause) -> {
                context
                    .getLog()
                    .warn(
                        "pod {}: not all of it could be removed, trying again: {}",
                        memory.calls().key(),
                        cause.toString());
                timers.startSingleTimer(
                    PodNews.TimeUp.INSTANCE, PodNews.TimeUp.INSTANCE, REMOVAL_RETRY);
                yield Behaviors.same();
              }
              case PodNews.TimeUp _ -> remove(memory.ending().or(() -> grace));
              case PodActor.Terminate(var shorter) -> {
                memory.endWithin(shorter);
                yield Behaviors.same();
              }
              case PodNews.ContainerEnded _,
                  PodNews.ContainerGone _,
                  PodNews.ContainerChanged _,
                  PodNews.SandboxMade _,
                  PodNews.Done _,
                  PodNews.Observed _,
                  PodNews.Failed _,
                  PodActor.Said _,
                  PodActor.EngineHint _,
                  PodActor.Relisted _ ->
                  Behaviors.same();
            });
  }
}
