package dev.jkubelet.node.status;

import dev.jkubelet.cluster.PodsApi;
import dev.jkubelet.cluster.RetryDelay;
import dev.jkubelet.node.status.Delivery.Pause;
import dev.jkubelet.node.status.Reported.Next;
import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Brings what the node says of its pods to the API server: the newest of each pod, one call per pod
 * at a time, so many pods at once, and nothing that is there already. A static pod's status goes to
 * its mirror, once there is one.
 */
public final class StatusReporter extends AbstractMatchingBehavior<StatusReporter.Command> {
  /** What it can be told. */
  public sealed interface Command {}

  /** A pod's newest status; one without a status says nothing. */
  public record Publish(PodSnapshot snapshot) implements Command {}

  /** The pod is the node's no more: nothing is written of it any longer. */
  public record Forget(String uid) implements Command {}

  /** Answered once the API server has what was published of the pod, or does not want it. */
  public record Settle(String uid, ActorRef<Settled> replyTo) implements Command {}

  /** The answer to {@link Settle}. */
  public record Settled(String uid) {}

  /** All pods that the API server has for this node, mirror pods among them. */
  public record Listed(List<Pod> all) implements Command {}

  /** What one of them is now. */
  public record Changed(Pod pod) implements Command {}

  /** One is gone from the API server. */
  public record Deleted(Pod pod) implements Command {}

  private record Answered(Delivery delivery, String patch, Pod pod, Throwable failure)
      implements Command {}

  private record PauseOver(Delivery delivery) implements Command {}

  static final int PODS_AT_ONCE = 10;

  /** Between two writes of a pod that change neither its readiness nor its end. */
  static final Duration QUIET = Duration.ofSeconds(1);

  /** What others wrote over our status is put right no more often. */
  static final Duration RECONCILE = Duration.ofSeconds(10);

  private final TimerScheduler<Command> timers;
  private final PodsApi pods;
  private final Map<String, Delivery> deliveries = new HashMap<>();
  private final SequencedSet<Delivery> queue = new LinkedHashSet<>();
  private int running;

  private StatusReporter(
      ActorContext<Command> context, TimerScheduler<Command> timers, PodsApi pods) {
    super(context);
    context.setLoggerName(StatusReporter.class);
    this.timers = timers;
    this.pods = pods;
  }

  /** Has nothing to say yet, and asks nothing before it has. */
  public static Behavior<Command> create(PodsApi pods) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new StatusReporter(context, timers, pods)));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Publish(var snapshot) -> onPublish(snapshot);
      case Forget(var uid) -> known(uid).ifPresent(this::forget);
      case Settle(var uid, var replyTo) -> onSettle(uid, replyTo);
      case Listed(var all) -> onListed(all);
      case Changed(var pod) -> onChanged(pod);
      case Deleted(var pod) -> known(Reported.uidHere(pod)).ifPresent(this::onDeleted);
      case Answered(var delivery, var patch, var pod, var failure) ->
          onAnswered(delivery, patch, pod, failure);
      case PauseOver(var delivery) -> {
        delivery.pause(Pause.NONE);
        consider(delivery);
      }
    }
    return this;
  }

  /** Whoever had the name before has it no more. */
  private void onPublish(PodSnapshot snapshot) {
    var meta = snapshot.pod().getMetadata();
    List.copyOf(deliveries.values()).stream()
        .filter(d -> !d.uid().equals(meta.getUid()) && d.reported().isNamed(meta))
        .forEach(this::forget);
    var delivery = delivery(meta.getUid());
    delivery.publish(snapshot);
    consider(delivery);
  }

  private void onSettle(String uid, ActorRef<Settled> replyTo) {
    known(uid)
        .ifPresentOrElse(
            delivery -> {
              delivery.await(replyTo);
              consider(delivery);
            },
            () -> replyTo.tell(new Settled(uid)));
  }

  private void onListed(List<Pod> all) {
    var present = all.stream().map(Reported::uidHere).collect(Collectors.toSet());
    List.copyOf(deliveries.values()).stream()
        .filter(d -> !present.contains(d.uid()) && d.reported().api().isPresent())
        .forEach(this::onDeleted);
    all.forEach(this::onChanged);
  }

  private void onChanged(Pod pod) {
    var delivery = delivery(Reported.uidHere(pod));
    if (!delivery.reported().outdates(pod)) {
      return;
    }
    boolean another = delivery.reported().api().isPresent();
    delivery.seen(pod);
    if (another && delivery.pause() == Pause.NONE && delivery.due()) {
      pause(delivery, Pause.QUIET, RECONCILE);
    }
    consider(delivery);
  }

  /** A static pod goes on without its mirror, and has another one soon. */
  private void onDeleted(Delivery delivery) {
    if (delivery.reported().isStatic()) {
      delivery.unknownToApi();
    } else {
      forget(delivery);
    }
  }

  private void consider(Delivery delivery) {
    if (delivery.done()) {
      delivery.settled();
    } else if (delivery.due()) {
      queue.add(delivery);
      startQueued();
    }
  }

  private void startQueued() {
    while (running < PODS_AT_ONCE && !queue.isEmpty()) {
      var delivery = queue.removeFirst();
      switch (delivery.reported().next()) {
        case Next.Rest() -> delivery.settled();
        case Next.Ask(var namespace, var name) -> call(delivery, "", pods.get(namespace, name));
        case Next.Write(var pod, var patch, _) ->
            call(delivery, patch, pods.patchStatus(pod, patch));
      }
    }
  }

  private void call(Delivery delivery, String patch, CompletionStage<Pod> stage) {
    running++;
    delivery.started();
    getContext().pipeToSelf(stage, (pod, failure) -> new Answered(delivery, patch, pod, failure));
  }

  private void onAnswered(Delivery delivery, String patch, Pod pod, Throwable failure) {
    running--;
    delivery.answered();
    if (delivery.gone()) {
      deliveries.remove(delivery.uid());
    } else if (failure != null) {
      onFailed(delivery, failure);
    } else if (patch.isEmpty()) {
      onAsked(delivery, pod);
    } else {
      delivery.written(pod, patch);
      pause(delivery, Pause.QUIET, QUIET);
      consider(delivery);
    }
    startQueued();
  }

  private void onAsked(Delivery delivery, Pod pod) {
    if (delivery.reported().isAheadOf(pod)) {
      consider(delivery);
    } else if (delivery.reported().isOf(pod)) {
      delivery.seen(pod);
      consider(delivery);
    } else {
      delivery.settled();
    }
  }

  /** Who is gone wants no status; who may be another, or is another version, is asked for. */
  private void onFailed(Delivery delivery, Throwable cause) {
    var failure = RetryDelay.ofFailure(cause);
    if (failure.notFound() || failure.conflict()) {
      delivery.unknownToApi();
    }
    if (failure.notFound()) {
      delivery.settled();
      return;
    }
    var delay = delivery.failed(failure, ThreadLocalRandom.current().nextDouble());
    getContext().getLog().debug("{} again in {}: {}", delivery, delay, failure.getMessage());
    pause(delivery, Pause.FAILED, delay);
  }

  private void pause(Delivery delivery, Pause pause, Duration length) {
    delivery.pause(pause);
    timers.startSingleTimer(delivery.uid(), new PauseOver(delivery), length);
  }

  /** An answer that is still to come finds its pod. */
  private void forget(Delivery delivery) {
    delivery.forget();
    queue.remove(delivery);
    timers.cancel(delivery.uid());
    if (!delivery.inFlight()) {
      deliveries.remove(delivery.uid());
    }
  }

  private Delivery delivery(String uid) {
    return deliveries.computeIfAbsent(uid, Delivery::new);
  }

  private Optional<Delivery> known(String uid) {
    return Optional.ofNullable(deliveries.get(uid));
  }
}
