package dev.jkubelet.pod;

import static java.lang.Boolean.TRUE;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;

/**
 * What the probes of a running container have found.
 *
 * @param started its startup probe succeeded, or there is none
 * @param ready its readiness probe succeeded, or there is none
 */
record Health(boolean started, boolean ready) {
  /** Of a container that has no probes, or no instance to be probed. */
  static final Health UNPROBED = new Health(true, true);

  /** Before the first look. */
  static Health initial(Container container) {
    return new Health(
        ProbeKind.STARTUP.of(container).isEmpty(), ProbeKind.READINESS.of(container).isEmpty());
  }

  /** As the status last had it, of that very instance. */
  static Optional<Health> told(Pod pod, String id) {
    return Optional.ofNullable(pod.getStatus())
        .map(PodStatus::getContainerStatuses)
        .orElse(List.of())
        .stream()
        .filter(status -> ("docker://" + id).equals(status.getContainerID()))
        .findFirst()
        .map(s -> new Health(TRUE.equals(s.getStarted()), TRUE.equals(s.getReady())));
  }

  /** After a verdict; a liveness probe's changes nothing as long as the container runs. */
  Health after(ProbeKind kind, boolean success) {
    return switch (kind) {
      case STARTUP -> new Health(success, ready);
      case READINESS -> new Health(started, success);
      case LIVENESS -> this;
    };
  }
}
