package dev.jkubelet.node.status;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jkubelet.model.StrategicMergePatch;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is written of a pod's status: only what the API server does not have. */
public final class PodStatusPatch {
  private static final Set<String> OURS =
      Set.of("PodScheduled", "Ready", "Initialized", "ContainersReady");

  private static final StrategicMergePatch PATCH =
      new StrategicMergePatch(Map.of("conditions", "type", "podIPs", "ip"));

  private PodStatusPatch() {}

  /**
   * The JSON that makes the API's status ours, with the UID as a precondition; empty when the API
   * has it already.
   *
   * @param api what the API server has; null for nothing
   */
  public static Optional<String> of(String uid, PodStatus api, PodStatus ours) {
    var before = api == null ? new PodStatus() : api;
    var status = PATCH.between(before, merged(before, ours));
    return status.isEmpty() ? Optional.empty() : Optional.of(whole(uid, status).toString());
  }

  private static ObjectNode whole(String uid, ObjectNode status) {
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("uid", uid);
    return patch.set("status", status);
  }

  /**
   * Ours with what is not ours to say: others' conditions, since when a condition holds, and when
   * the pod was started.
   */
  static PodStatus merged(PodStatus api, PodStatus ours) {
    var known = orEmpty(api.getConditions());
    var conditions =
        Stream.concat(
                known.stream().filter(c -> !OURS.contains(c.getType())),
                orEmpty(ours.getConditions()).stream()
                    .filter(c -> OURS.contains(c.getType()))
                    .map(c -> since(c, known)))
            .toList();
    return new PodStatusBuilder(ours)
        .withConditions(conditions)
        .withStartTime(api.getStartTime() == null ? ours.getStartTime() : api.getStartTime())
        .build();
  }

  private static PodCondition since(PodCondition condition, List<PodCondition> known) {
    return find(known, condition.getType())
        .filter(before -> before.getStatus().equals(condition.getStatus()))
        .filter(before -> before.getLastTransitionTime() != null)
        .map(
            before ->
                new PodConditionBuilder(condition)
                    .withLastTransitionTime(before.getLastTransitionTime())
                    .build())
        .orElse(condition);
  }

  private static Optional<PodCondition> find(List<PodCondition> conditions, String type) {
    return conditions.stream().filter(c -> c.getType().equals(type)).findFirst();
  }

  /** The pod is over, or became ready, or is no longer: who watches it waits for that. */
  static boolean turns(PodStatus api, PodStatus ours) {
    boolean over = "Failed".equals(ours.getPhase()) || "Succeeded".equals(ours.getPhase());
    return (over && !ours.getPhase().equals(api == null ? null : api.getPhase()))
        || ready(api) != ready(ours);
  }

  private static boolean ready(PodStatus status) {
    return status != null
        && find(orEmpty(status.getConditions()), "Ready")
            .filter(c -> "True".equals(c.getStatus()))
            .isPresent();
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
