package dev.jkubelet.node;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What the versions of one pod say, and how they differ. */
final class PodChanges {
  private static final Set<String> OURS =
      Set.of("Initialized", "Ready", "ContainersReady", "PodScheduled");

  /** The agent's own, different in each of its lives. */
  private static final Set<String> STAMPS =
      Set.of("kubernetes.io/config.seen", "kubernetes.io/config.source");

  private PodChanges() {}

  static boolean deleted(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  static boolean over(Pod pod) {
    var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  static boolean fromApi(Pod pod) {
    return "api".equals(annotations(pod.getMetadata()).get("kubernetes.io/config.source"));
  }

  /**
   * Whether the pod's actor must hear of the newer version. Our own status coming back is no news;
   * conditions that others set are.
   */
  static boolean matter(Pod last, Pod newer) {
    return !last.equals(newer)
        && !(Objects.equals(last.getSpec(), newer.getSpec())
            && Objects.equals(last.getMetadata().getLabels(), newer.getMetadata().getLabels())
            && foreign(last.getMetadata()).equals(foreign(newer.getMetadata()))
            && Objects.equals(resize(last), resize(newer))
            && conditionsOfOthers(last).equals(conditionsOfOthers(newer)));
  }

  private static String resize(Pod pod) {
    return pod.getStatus() == null ? null : pod.getStatus().getResize();
  }

  private static Map<String, String> foreign(ObjectMeta metadata) {
    var foreign = new HashMap<>(annotations(metadata));
    foreign.keySet().removeAll(STAMPS);
    return foreign;
  }

  private static Map<String, String> annotations(ObjectMeta metadata) {
    return Optional.ofNullable(metadata.getAnnotations()).orElse(Map.of());
  }

  private static List<PodCondition> conditionsOfOthers(Pod pod) {
    return Optional.ofNullable(pod.getStatus())
        .map(PodStatus::getConditions)
        .orElse(List.of())
        .stream()
        .filter(c -> !OURS.contains(c.getType()))
        .toList();
  }
}
