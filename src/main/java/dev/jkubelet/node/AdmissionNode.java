package dev.jkubelet.node;

import dev.jkubelet.model.PodRequests;
import dev.jkubelet.node.registration.NodeLabels;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The node as pods are measured against it.
 *
 * @param allocatable by resource, {@code cpu} in thousandths; what is not in it is not measured
 */
public record AdmissionNode(
    String name, Map<String, String> labels, Map<String, Long> allocatable) {

  /** A node without an API server's object. */
  public static AdmissionNode of(
      String name, Map<String, String> labels, Map<String, Quantity> allocatable) {
    return new AdmissionNode(
        name,
        Map.copyOf(labels),
        allocatable.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, e -> PodRequests.value(e.getKey(), e.getValue()))));
  }

  /**
   * Of a node about whose resources nothing is known but how many pods it takes.
   *
   * @param given labels beside those that every node has
   */
  public static AdmissionNode limitedTo(String name, Map<String, String> given, int maxPods) {
    return new AdmissionNode(name, NodeLabels.of(name, given), Map.of("pods", (long) maxPods));
  }

  /** As the API server has it. */
  public static AdmissionNode of(Node node) {
    var metadata = node.getMetadata();
    return of(
        metadata.getName(),
        Optional.ofNullable(metadata.getLabels()).orElse(Map.of()),
        Optional.ofNullable(node.getStatus()).map(NodeStatus::getAllocatable).orElse(Map.of()));
  }
}
