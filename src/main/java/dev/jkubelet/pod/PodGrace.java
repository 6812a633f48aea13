package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;

/** How long a pod's containers are given to end. */
public final class PodGrace {
  private static final long DEFAULT_SECONDS = 30;
  private static final long LEAST_SECONDS = 2;

  private PodGrace() {}

  /** As the deletion says, else as the pod does; never less than the kubelet's two seconds. */
  public static Duration of(Pod pod) {
    var deletion = pod.getMetadata().getDeletionGracePeriodSeconds();
    var own = pod.getSpec().getTerminationGracePeriodSeconds();
    long seconds = deletion != null ? deletion : own != null ? own : DEFAULT_SECONDS;
    return Duration.ofSeconds(Math.max(LEAST_SECONDS, seconds));
  }

  /** What is left of it, but never less than the kubelet's two seconds. */
  static Duration atLeast(Duration left) {
    var least = Duration.ofSeconds(LEAST_SECONDS);
    return left.compareTo(least) < 0 ? least : left;
  }
}
