package dev.jkubelet.node;

import dev.jkubelet.node.source.StaticPod;
import dev.jkubelet.pod.Spans;
import dev.jkubelet.stats.KubeletMetrics;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Counts and times how pods start and how their containers are started again, under the kubelet's
 * names, and passes on what it hears.
 */
public final class MeteredSpans implements Spans {
  private final Spans next;
  private final KubeletMetrics metrics;
  private final Clock clock;
  private final Map<String, Starting> starting = new Newest<>();
  private final Map<String, Instant> launched = new Newest<>();

  public MeteredSpans(Spans next, KubeletMetrics metrics, Clock clock) {
    this.next = next;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * A pod that has not run yet.
   *
   * @param real false as long as no sandbox was made: it may be an older agent's that runs already
   */
  private record Starting(Instant seen, Instant admitted, boolean real) {}

  /** A node has some hundred pods; of more at once than this, the oldest is not timed. */
  private static final class Newest<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 1024;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > MOST;
    }
  }

  @Override
  public void admitted(Pod pod) {
    var now = clock.instant();
    var seen = StaticPod.firstSeen(pod).filter(at -> !at.isAfter(now)).orElse(now);
    metrics.podSeen(pod.getSpec().getContainers().size());
    metrics.podWorkerStarted(Duration.between(seen, now));
    synchronized (this) {
      starting.put(pod.getMetadata().getUid(), new Starting(seen, now, false));
    }
    next.admitted(pod);
  }

  @Override
  public <T> CompletionStage<T> step(
      Pod pod, String container, String name, Supplier<CompletionStage<T>> step) {
    var uid = pod.getMetadata().getUid();
    var one = uid + "/" + container;
    begin(uid, one, name);
    return next.step(pod, container, name, step)
        .whenComplete(
            (_, failure) -> {
              if (name.equals(START) || failure != null) {
                end(one);
              }
            });
  }

  private synchronized void begin(String uid, String container, String step) {
    var pod = starting.get(uid);
    if (pod == null) {
      if (step.equals(PULL)) {
        launched.put(container, clock.instant());
      }
    } else if (step.equals(SANDBOX)) {
      starting.put(uid, new Starting(pod.seen(), pod.admitted(), true));
    }
  }

  private void end(String container) {
    Instant begun;
    synchronized (this) {
      begun = launched.remove(container);
    }
    if (begun != null) {
      metrics.podWorker("sync", Duration.between(begun, clock.instant()));
    }
  }

  @Override
  public void told(Pod pod, String phase) {
    if (!phase.equals("Pending")) {
      started(pod.getMetadata().getUid())
          .filter(Starting::real)
          .ifPresent(
              start -> {
                var now = clock.instant();
                metrics.podWorker("create", Duration.between(start.admitted(), now));
                if (phase.equals("Running")) {
                  metrics.podStarted(Duration.between(start.seen(), now));
                }
              });
    }
    next.told(pod, phase);
  }

  private synchronized Optional<Starting> started(String uid) {
    return Optional.ofNullable(starting.remove(uid));
  }
}
