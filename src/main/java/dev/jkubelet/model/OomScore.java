package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Optional;

/** Whom the kernel kills first when memory runs out: {@code oom_score_adj}, -1000 to 1000. */
public final class OomScore {
  /** Of a pod's sandbox. Only root's CAP_SYS_RESOURCE may set negative ones. */
  public static final int SANDBOX = -998;

  private static final int LAST = -997;
  private static final int FIRST = 1000;
  private static final int SYSTEM_CRITICAL_PRIORITY = 2_000_000_000;

  private OomScore() {}

  /**
   * Of a container's processes. A burstable one's falls with the share of memory it asks for, so
   * that whoever uses more than that comes first.
   *
   * @param memoryCapacity the node's, in bytes
   */
  public static int adjustment(Pod pod, Container container, long memoryCapacity) {
    if (isCritical(pod)) {
      return LAST;
    }
    return switch (QosClass.of(pod)) {
      case GUARANTEED -> LAST;
      case BEST_EFFORT -> FIRST;
      case BURSTABLE ->
          burstable(Quantities.bytes(PodContainers.request(container, "memory")), memoryCapacity);
    };
  }

  /** Static and mirror pods, and those of a system priority. */
  public static boolean isCritical(Pod pod) {
    var annotations = Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of());
    var source = annotations.getOrDefault("kubernetes.io/config.source", "api");
    var priority = pod.getSpec().getPriority();
    return !source.equals("api")
        || annotations.containsKey("kubernetes.io/config.mirror")
        || (priority != null && priority >= SYSTEM_CRITICAL_PRIORITY);
  }

  private static int burstable(long request, long capacity) {
    int lowest = FIRST + LAST;
    return request >= capacity
        ? lowest
        : Math.clamp(FIRST - 1000 * request / capacity, lowest, FIRST - 1);
  }
}
