package dev.jkubelet.node.registration;

import dev.jkubelet.cluster.LeasesApi;
import dev.jkubelet.cluster.NodesApi;
import dev.jkubelet.cluster.RetryDelay;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The node's heartbeat: a lease in {@code kube-node-lease}, renewed four times per duration,
 * whatever becomes of the node's status. It is made once the node exists, and owned by it.
 */
public final class NodeLease extends AbstractMatchingBehavior<NodeLease.Command> {
  /** Only this actor's own messages: it is told nothing. */
  public sealed interface Command {}

  private record Held(Lease lease) implements Command {}

  private record Found(Lease lease) implements Command {}

  private record RenewFailed(Throwable cause) implements Command {}

  private record EnsureFailed(Throwable cause) implements Command {}

  private enum Timer implements Command {
    RENEW,
    RETRY
  }

  private static final int TRIES = 5;
  private static final RetryDelay ENSURE =
      new RetryDelay(Duration.ofMillis(200), Duration.ofSeconds(7));

  private final TimerScheduler<Command> timers;
  private final LeaseCalls calls;
  private Optional<Lease> latest = Optional.empty();
  private boolean busy;
  private boolean found;
  private int failures;

  private NodeLease(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      LeaseCalls calls,
      Duration every) {
    super(context);
    context.setLoggerName(NodeLease.class);
    this.timers = timers;
    this.calls = calls;
    timers.startTimerAtFixedRate(Timer.RENEW, every);
    onDue();
  }

  /**
   * Starts to hold it.
   *
   * @param duration {@code nodeLeaseDurationSeconds}: who has not renewed for so long is not ready
   */
  public static Behavior<Command> create(
      String nodeName, Duration duration, LeasesApi leases, NodesApi nodes, Clock clock) {
    var calls = new LeaseCalls(nodeName, duration, leases, nodes, clock);
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new NodeLease(context, timers, calls, duration.dividedBy(4))));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Held(var lease) -> onHeld(lease);
      case Found(var lease) -> {
        latest = Optional.of(lease);
        found = true;
        call(calls.renew(lease));
      }
      case RenewFailed(var cause) -> onRenewFailed(cause);
      case EnsureFailed(var cause) -> onEnsureFailed(cause);
      case Timer timer -> {
        switch (timer) {
          case RENEW -> onDue();
          case RETRY -> renew();
        }
      }
    }
    return this;
  }

  /** The kubelet's rule: nothing is begun while the last one still tries. */
  private void onDue() {
    if (!busy) {
      failures = 0;
      found = false;
      renew();
    }
  }

  /** With the lease of last time, as if nobody else wrote it, which nobody does. */
  private void renew() {
    latest.ifPresentOrElse(lease -> call(calls.renew(lease)), this::ensure);
  }

  private void ensure() {
    busy = true;
    getContext()
        .pipeToSelf(
            calls.ensure(),
            (ensured, failure) ->
                failure != null
                    ? new EnsureFailed(failure)
                    : ensured.made() ? new Held(ensured.lease()) : new Found(ensured.lease()));
  }

  private void call(CompletionStage<Lease> renewal) {
    busy = true;
    getContext()
        .pipeToSelf(
            renewal,
            (lease, failure) -> failure == null ? new Held(lease) : new RenewFailed(failure));
  }

  private void onHeld(Lease lease) {
    latest = Optional.of(lease);
    busy = false;
  }

  /** Five times, then from the beginning, then not before it is due again. */
  private void onRenewFailed(Throwable cause) {
    failures++;
    var failure = RetryDelay.ofFailure(cause);
    if (failure.conflict() || failure.notFound()) {
      latest = Optional.empty();
    }
    if (failures < TRIES) {
      again(RetryDelay.longer(Duration.ZERO, cause));
      return;
    }
    getContext().getLog().warn("failed to update lease: {}", failure.getMessage());
    if (found) {
      busy = false;
    } else {
      latest = Optional.empty();
      failures = 0;
      again(RetryDelay.longer(Duration.ZERO, cause));
    }
  }

  private void again(Duration delay) {
    if (delay.isZero()) {
      renew();
    } else {
      timers.startSingleTimer(Timer.RETRY, delay);
    }
  }

  private void onEnsureFailed(Throwable cause) {
    failures++;
    var delay = ENSURE.after(failures, cause);
    getContext()
        .getLog()
        .debug(
            "failed to ensure lease exists, will retry in {}: {}",
            delay,
            RetryDelay.ofFailure(cause).getMessage());
    timers.startSingleTimer(Timer.RETRY, delay);
  }
}
