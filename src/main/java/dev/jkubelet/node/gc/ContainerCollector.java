package dev.jkubelet.node.gc;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerSummary;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes dead containers that nobody needs for their logs any more. Those of pods that are gone
 * are not its business: whoever ends a pod removes them.
 */
public final class ContainerCollector extends AbstractMatchingBehavior<ContainerCollector.Command> {
  /** Nobody need tell it anything. */
  public sealed interface Command {}

  private enum Timer implements Command {
    ROUND
  }

  private record Done(Throwable failure) implements Command {}

  /** As often as the kubelet does. */
  static final Duration EVERY = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(ContainerCollector.class);

  private final DeadContainers policy;
  private final ContainerRuntime runtime;
  private final Clock clock;
  private boolean busy;

  private ContainerCollector(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      DeadContainers policy,
      ContainerRuntime runtime,
      Clock clock) {
    super(context);
    context.setLoggerName(ContainerCollector.class);
    this.policy = policy;
    this.runtime = runtime;
    this.clock = clock;
    timers.startTimerAtFixedRate(Timer.ROUND, EVERY);
  }

  /** Looks for the first time when a round has passed. */
  public static Behavior<Command> create(
      DeadContainers policy, ContainerRuntime runtime, Clock clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ContainerCollector(context, timers, policy, runtime, clock)));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Timer _ -> {
        if (!busy) {
          busy = true;
          getContext().pipeToSelf(collect(), (_, failure) -> new Done(failure));
        }
      }
      case Done(var failure) -> {
        busy = false;
        if (failure != null) {
          getContext().getLog().warn("dead containers stay for now: {}", failure.toString());
        }
      }
    }
    return this;
  }

  private CompletionStage<Void> collect() {
    return runtime.list().thenCompose(all -> remove(policy.toRemove(all, clock.instant())));
  }

  /** One after the other: nobody waits for it. One that can't be removed keeps none of the rest. */
  private CompletionStage<Void> remove(List<ContainerSummary> all) {
    CompletionStage<Void> removed = CompletableFuture.completedStage(null);
    for (var one : all) {
      removed = removed.thenCompose(_ -> remove(one));
    }
    return removed;
  }

  private CompletionStage<Void> remove(ContainerSummary one) {
    return runtime
        .remove(one.id())
        .exceptionally(
            failure -> {
              LOG.warn("dead container {} stays for now: {}", one.id(), failure.toString());
              return null;
            });
  }
}
