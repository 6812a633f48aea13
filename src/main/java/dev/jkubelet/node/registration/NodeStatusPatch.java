package dev.jkubelet.node.registration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jkubelet.model.StrategicMergePatch;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is written of a node's status, and whether it is worth it. */
final class NodeStatusPatch {
  private static final StrategicMergePatch PATCH =
      new StrategicMergePatch(Map.of("conditions", "type"));

  private NodeStatusPatch() {}

  /** Whether anything but the heartbeat is different. */
  static boolean changes(NodeStatus before, NodeStatus after) {
    return !PATCH.between(timeless(before), timeless(after)).isEmpty();
  }

  /** The JSON that makes {@code after} of {@code before}. */
  static String of(NodeStatus before, NodeStatus after) {
    var status = PATCH.between(orEmpty(before), after);
    // The API declares addresses to be merged by type, of which there may be two: all are replaced.
    if (status.get("addresses") instanceof ArrayNode addresses
        && !orEmpty(before).getAddresses().isEmpty()) {
      addresses.addObject().put("$patch", "replace");
    }
    return JsonNodeFactory.instance.objectNode().set("status", status).toString();
  }

  private static NodeStatus timeless(NodeStatus status) {
    return new NodeStatusBuilder(orEmpty(status))
        .withConditions(
            Objects.requireNonNullElse(orEmpty(status).getConditions(), List.<NodeCondition>of())
                .stream()
                .map(c -> new NodeConditionBuilder(c).withLastHeartbeatTime(null).build())
                .toList())
        .build();
  }

  private static NodeStatus orEmpty(NodeStatus status) {
    return status == null ? new NodeStatus() : status;
  }
}
