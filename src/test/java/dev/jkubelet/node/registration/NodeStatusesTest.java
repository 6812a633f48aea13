package dev.jkubelet.node.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.jkubelet.node.pressure.NodePressures;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against the Node object that the kubelet 1.20.2 wrote to a real API server. */
class NodeStatusesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant REGISTERED = Instant.parse("2026-11-23T12:46:50.9Z");
  private static final Instant READY = Instant.parse("2026-11-23T12:47:00.2Z");

  @Test
  void tellsOfTheReferenceNodeWhatTheKubeletDoes() throws Exception {
    var first =
        of(null, notReady("container runtime status check may not have completed yet"), REGISTERED);
    var second = of(first.status(), Nodes.well(), READY);
    var ours = (ObjectNode) JSON.valueToTree(second.status());
    var golden = (ObjectNode) golden().get("status");
    // This reference ran with no nodefs threshold, and so does the test.
    assertThat(ours).isEqualTo(golden);
  }

  @Test
  void itsInitialNodeIsTheReferenceOne() throws Exception {
    var ours = NodeObject.initial(Nodes.settings(), new NodeStatus());
    var golden = golden().get("metadata");
    assertThat(JSON.<JsonNode>valueToTree(ours.getMetadata().getLabels()))
        .isEqualTo(golden.get("labels"));
    assertThat(ours.getMetadata().getAnnotations())
        .containsExactlyEntriesOf(
            Map.of("volumes.kubernetes.io/controller-managed-attach-detach", "true"));
    assertThat(JSON.valueToTree(ours.getSpec()).toString()).isEqualTo("{}");
  }

  @Test
  void tellsOfChangesInTheirOrder() {
    var first = of(null, notReady("down"), REGISTERED);
    assertThat(first.changes())
        .containsExactly(
            "NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID");
    assertThat(of(first.status(), Nodes.well(), READY).changes()).containsExactly("NodeReady");
    var pressed =
        new NodeStatuses.Condition(
            new NodePressures(true, true, true), List.of("down", "out"), List.of());
    var worse = of(of(first.status(), Nodes.well(), READY).status(), pressed, READY);
    assertThat(worse.changes())
        .containsExactly(
            "NodeHasInsufficientMemory",
            "NodeHasDiskPressure",
            "NodeHasInsufficientPID",
            "NodeNotReady");
    assertThat(worse.status().getConditions())
        .extracting(NodeCondition::getReason, NodeCondition::getMessage)
        .containsExactly(
            tuple("KubeletHasInsufficientMemory", "kubelet has insufficient memory available"),
            tuple("KubeletHasDiskPressure", "kubelet has disk pressure"),
            tuple("KubeletHasInsufficientPID", "kubelet has insufficient PID available"),
            tuple("KubeletNotReady", "[down, out]"));
  }

  @Test
  void isNotReadyWhileNoPodCanBeConnected() {
    var facts = Nodes.facts("runtime network not ready: no plugin");

    var ready =
        NodeStatuses.of(Nodes.settings(), facts, null, notReady("down"), READY)
            .status()
            .getConditions()
            .getLast();

    assertThat(ready.getStatus()).isEqualTo("False");
    assertThat(ready.getReason()).isEqualTo("KubeletNotReady");
    assertThat(ready.getMessage()).isEqualTo("[down, runtime network not ready: no plugin]");
  }

  @Test
  void othersConditionsStayWhereTheyAre() {
    var before =
        new NodeStatusBuilder()
            .addNewCondition()
            .withType("NetworkUnavailable")
            .withStatus("False")
            .withReason("RouteCreated")
            .endCondition()
            .build();
    var conditions = of(before, Nodes.well(), READY).status().getConditions();
    assertThat(conditions)
        .extracting(NodeCondition::getType)
        .containsExactly(
            "NetworkUnavailable", "MemoryPressure", "DiskPressure", "PIDPressure", "Ready");
    assertThat(conditions.getFirst()).isEqualTo(before.getConditions().getFirst());
  }

  @Test
  void aHeartbeatAloneIsNoChange() {
    var first = of(null, Nodes.well(), REGISTERED).status();
    var later = of(first, Nodes.well(), READY).status();
    assertThat(later).isNotEqualTo(first);
    assertThat(NodeStatusPatch.changes(first, later)).isFalse();
    assertThat(NodeStatusPatch.changes(first, of(first, notReady("x"), READY).status())).isTrue();
  }

  @Test
  void addressesAreReplacedAsAWhole() throws Exception {
    var first = of(null, Nodes.well(), REGISTERED).status();
    var moved =
        new NodeStatusBuilder(first)
            .editFirstAddress()
            .withAddress("192.0.2.3")
            .endAddress()
            .build();
    assertThat(JSON.readTree(NodeStatusPatch.of(first, moved)))
        .isEqualTo(
            JSON.readTree(
                """
                {"status":{"addresses":[{"address":"192.0.2.3","type":"InternalIP"},
                {"address":"reference-node","type":"Hostname"},{"$patch":"replace"}]}}"""));
  }

  private static NodeStatuses.Condition notReady(String problem) {
    return new NodeStatuses.Condition(NodePressures.NONE, List.of(problem), List.of());
  }

  private static NodeStatuses of(NodeStatus before, NodeStatuses.Condition condition, Instant now) {
    return NodeStatuses.of(Nodes.settings(), Nodes.facts(), before, condition, now);
  }

  /** Through the model, so that 1 is 1 whether an int or a long held it. */
  private static JsonNode golden() throws IOException {
    try (var in = NodeStatusesTest.class.getResourceAsStream("reference-node.yaml")) {
      return JSON.valueToTree(new YAMLMapper().readValue(in, Node.class));
    }
  }
}
