package dev.jkubelet.app.kamon;

import dev.jkubelet.node.source.StaticPod;
import dev.jkubelet.pod.Spans;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import kamon.Kamon;
import kamon.trace.Span;
import kamon.trace.SpanBuilder;

/**
 * A trace per start of a pod: {@code pod.start}, from when its source told of it until it runs,
 * with a span for its admission and each step. What a pod does after it ran is no part of it.
 */
final class KamonSpans implements Spans {
  /** A node has some hundred pods; of more starts at once than this, the oldest goes untraced. */
  private static final int MOST_STARTS = 1024;

  private final Clock clock;
  private final Map<String, Starting> starting =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Starting> eldest) {
          return size() > MOST_STARTS;
        }
      };

  KamonSpans(Clock clock) {
    this.clock = clock;
  }

  /**
   * One trace that is open.
   *
   * @param real false as long as no sandbox was made: the pod may have been running all the time,
   *     and the agent alone has started
   */
  private record Starting(Span root, boolean real) {}

  @Override
  public void admitted(Pod pod) {
    var now = clock.instant();
    var seen = StaticPod.firstSeen(pod).filter(at -> !at.isAfter(now)).orElse(now);
    var root = span("pod.start", pod, "").ignoreParentFromContext().start(seen);
    span("pod.start.admission", pod, "").asChildOf(root).start(seen).finish(now);
    synchronized (starting) {
      starting.put(pod.getMetadata().getUid(), new Starting(root, false));
    }
  }

  @Override
  public <T> CompletionStage<T> step(
      Pod pod, String container, String name, Supplier<CompletionStage<T>> step) {
    var parent = parent(pod, name.equals(SANDBOX));
    if (parent.isEmpty()) {
      return step.get();
    }
    var span =
        span("pod.start." + name, pod, container).asChildOf(parent.get()).start(clock.instant());
    return step.get()
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                span.fail(String.valueOf(failure.getMessage()));
              }
              span.finish(clock.instant());
            });
  }

  @Override
  public void told(Pod pod, String phase) {
    if (phase.equals("Pending")) {
      return;
    }
    Starting over;
    synchronized (starting) {
      over = starting.remove(pod.getMetadata().getUid());
    }
    if (over != null && over.real()) {
      over.root().tag("phase", phase).finish(clock.instant());
    }
  }

  /** The first sandbox proves that there is something to start. */
  private Optional<Span> parent(Pod pod, boolean sandbox) {
    synchronized (starting) {
      var known = starting.get(pod.getMetadata().getUid());
      if (known == null) {
        return Optional.empty();
      }
      if (sandbox && !known.real()) {
        starting.put(pod.getMetadata().getUid(), new Starting(known.root(), true));
      }
      return Optional.of(known.root());
    }
  }

  private static SpanBuilder span(String name, Pod pod, String container) {
    var span =
        Kamon.internalSpanBuilder(name, "jkubelet")
            .tag("namespace", pod.getMetadata().getNamespace())
            .tag("pod", pod.getMetadata().getName())
            .tag("uid", pod.getMetadata().getUid());
    return container.isEmpty() ? span : span.tag("container", container);
  }
}
