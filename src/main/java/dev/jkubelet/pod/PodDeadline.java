package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@code spec.activeDeadlineSeconds}: how long a pod may take in all, counted from its start. */
final class PodDeadline {
  static final Waiting VERDICT =
      new Waiting(
          "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");

  private PodDeadline() {}

  /**
   * When the pod has had its time; empty without a limit or before its start.
   *
   * @param status null when nothing was told yet
   */
  static Optional<Instant> of(Pod pod, PodStatus status) {
    var seconds = pod.getSpec().getActiveDeadlineSeconds();
    if (seconds == null || status == null || status.getStartTime() == null) {
      return Optional.empty();
    }
    return Optional.of(Instant.parse(status.getStartTime()).plus(Duration.ofSeconds(seconds)));
  }

  /** Why the pod fails as a whole, if its time is up. */
  static Optional<Waiting> verdict(Pod pod, PodStatus status, Instant now) {
    return of(pod, status).filter(at -> !now.isBefore(at)).map(_ -> VERDICT);
  }

  static boolean exceeded(PodStatus status) {
    return status != null && VERDICT.reason().equals(status.getReason());
  }
}
