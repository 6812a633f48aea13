package dev.jkubelet.node;

import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;

/** Why a node refuses a pod, in the words of the kubelet's admission. */
final class Admission {
  private Admission() {}

  /** The node runs as many pods as {@code --max-pods} allows. */
  static PodSnapshot outOfPods(Pod pod, long used, int capacity) {
    var refused =
        new PodBuilder(pod)
            .withNewStatus()
            .withPhase("Failed")
            .withReason("OutOfpods")
            .withMessage(
                "Pod Node didn't have enough resource: pods, requested: 1, used: "
                    + used
                    + ", capacity: "
                    + capacity)
            .endStatus()
            .build();
    return new PodSnapshot(refused, Map.of());
  }
}
