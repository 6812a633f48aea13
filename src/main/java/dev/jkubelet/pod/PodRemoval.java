package dev.jkubelet.pod;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Takes away all that is left of a pod, in the order that keeps others unharmed: containers,
 * sandboxes, volumes, cgroup, logs.
 */
final class PodRemoval {
  /**
   * The label in which a container carries its pod's grace period, for a kubelet that does not know
   * the pod any more.
   */
  private static final String GRACE_LABEL = "annotation.io.kubernetes.pod.terminationGracePeriod";

  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);
  private static final Duration SANDBOX_GRACE = Duration.ofSeconds(2);

  private final PodKey key;
  private final PodServices services;

  PodRemoval(PodKey key, PodServices services) {
    this.key = key;
    this.services = services;
  }

  /**
   * Ends when nothing is left.
   *
   * @param grace for each container; empty: as its label says
   */
  CompletionStage<Void> run(Optional<Duration> grace) {
    return services
        .runtime()
        .list(key.uid())
        .thenCompose(
            all ->
                each(all, ContainerType.CONTAINER, s -> stop(s, grace))
                    .thenCompose(_ -> each(all, ContainerType.SANDBOX, this::stopSandbox))
                    .thenCompose(_ -> each(all, ContainerType.CONTAINER, this::remove))
                    .thenCompose(_ -> each(all, ContainerType.SANDBOX, this::remove)))
        .thenCompose(_ -> services.volumes().tearDown(key.uid()))
        .thenCompose(_ -> services.cgroups().remove(key.uid()))
        .thenCompose(_ -> removeLogs())
        .thenRun(() -> services.objects().release(key.uid()));
  }

  /** A pod known by its folder or cgroup alone has no name to find its logs by. */
  private CompletionStage<Void> removeLogs() {
    return key.name().isEmpty()
        ? CompletableFuture.completedStage(null)
        : services.files().removeLogs(key);
  }

  private CompletionStage<Void> stop(ContainerSummary summary, Optional<Duration> grace) {
    if (!Hints.live(summary)) {
      return CompletableFuture.completedStage(null);
    }
    return grace
        .<CompletionStage<Duration>>map(CompletableFuture::completedStage)
        .orElseGet(() -> labelledGrace(summary))
        .thenCompose(limit -> services.runtime().stop(summary.id(), limit));
  }

  private CompletionStage<Duration> labelledGrace(ContainerSummary summary) {
    return services
        .runtime()
        .inspect(summary.id())
        .thenApply(
            i ->
                Optional.ofNullable(i.labels().get(GRACE_LABEL))
                    .filter(seconds -> seconds.matches("\\d{1,9}"))
                    .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                    .orElse(DEFAULT_GRACE))
        .exceptionally(_ -> DEFAULT_GRACE);
  }

  private CompletionStage<Void> stopSandbox(ContainerSummary summary) {
    return Hints.live(summary)
        ? services.runtime().stop(summary.id(), SANDBOX_GRACE)
        : CompletableFuture.completedStage(null);
  }

  private CompletionStage<Void> remove(ContainerSummary summary) {
    return services.runtime().remove(summary.id());
  }

  private static CompletionStage<Void> each(
      List<ContainerSummary> all,
      ContainerType type,
      Function<ContainerSummary, CompletionStage<Void>> deed) {
    return CompletableFuture.allOf(
        all.stream()
            .filter(s -> s.type() == type)
            .map(s -> deed.apply(s).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }
}
