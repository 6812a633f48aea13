package dev.jkubelet.node;

import dev.jkubelet.cluster.PodsApi;
import dev.jkubelet.cluster.RetryDelay;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.PodSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Tells the API server that pods it wants deleted are gone: first their last status, then the
 * deletion without grace of that very UID, again and again until it is heard.
 */
public final class PodDeletions extends AbstractMatchingBehavior<PodDeletions.Command> {
  /** What it can be told. */
  public sealed interface Command {}

  /** Nothing is left of the pod. */
  public record Delete(PodSnapshot last) implements Command {}

  private record Deleted(String uid) implements Command {}

  private record Failed(String uid, Throwable cause) implements Command {}

  private record Due(String uid) implements Command {}

  private static final RetryDelay RETRY =
      new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(30));

  /** A status that can't be written must not keep the pod for ever. */
  private static final int TRIES_OF_STATUS = 3;

  private final TimerScheduler<Command> timers;
  private final PodsApi api;
  private final FinalStatus status;
  private final Map<String, PodSnapshot> pods = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();

  private PodDeletions(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PodsApi api,
      FinalStatus status) {
    super(context);
    this.timers = timers;
    this.api = api;
    this.status = status;
  }

  /**
   * Deletes nothing of its own.
   *
   * @param status its stage must end, if need be in a failure
   */
  public static Behavior<Command> create(PodsApi api, FinalStatus status) {
    return Behaviors.setup(
        context -> {
          context.setLoggerName(PodDeletions.class);
          return Behaviors.withTimers(timers -> new PodDeletions(context, timers, api, status));
        });
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Delete(var last) -> {
        if (pods.put(uid(last), last) == null) {
          delete(uid(last));
        }
      }
      case Due(var uid) -> delete(uid);
      case Deleted(var uid) -> {
        pods.remove(uid);
        failures.remove(uid);
      }
      case Failed(var uid, var cause) -> onFailed(uid, cause);
    }
    return this;
  }

  private void delete(String uid) {
    var last = pods.get(uid);
    getContext()
        .pipeToSelf(
            told(last).thenCompose(_ -> api.delete(PodKey.of(last.pod()), Duration.ZERO)),
            (_, failure) -> failure == null ? new Deleted(uid) : new Failed(uid, failure));
  }

  private CompletionStage<Void> told(PodSnapshot last) {
    return failures.getOrDefault(uid(last), 0) < TRIES_OF_STATUS
        ? status.written(last)
        : CompletableFuture.completedStage(null);
  }

  private void onFailed(String uid, Throwable cause) {
    int count = failures.merge(uid, 1, Integer::sum);
    var delay = RETRY.after(count, cause);
    getContext()
        .getLog()
        .info(
            "pod {}: the API server could not be told that it is gone, again in {} s: {}",
            PodKey.of(pods.get(uid).pod()),
            delay.toSeconds(),
            RetryDelay.ofFailure(cause).getMessage());
    timers.startSingleTimer(uid, new Due(uid), delay);
  }

  private static String uid(PodSnapshot snapshot) {
    return snapshot.pod().getMetadata().getUid();
  }
}
