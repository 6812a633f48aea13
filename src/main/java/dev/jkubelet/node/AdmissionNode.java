package dev.jkubelet.node;

import dev.jkubelet.model.PodRequests;
import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.node.registration.NodeLabels;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The node as pods are measured against it.
 *
 * @param allocatable by resource, {@code cpu} in thousandths; what is not in it is not measured
 * @param security how its machine can confine them
 * @param pressures what it is short of
 */
public record AdmissionNode(
    String name,
    Map<String, String> labels,
    Map<String, Long> allocatable,
    HostSecurity security,
    NodePressures pressures) {

  /**
   * A node of whose resources nothing is known but how many pods it takes.
   *
   * @param given labels beside those that every node has
   */
  public static AdmissionNode limitedTo(
      String name, Map<String, String> given, int maxPods, HostSecurity security) {
    return new AdmissionNode(
        name,
        NodeLabels.of(name, given),
        Map.of("pods", (long) maxPods),
        security,
        NodePressures.NONE);
  }

  /** The same node as the API server has it. */
  AdmissionNode registeredAs(Node object) {
    var metadata = object.getMetadata();
    return new AdmissionNode(
        metadata.getName(),
        Map.copyOf(Optional.ofNullable(metadata.getLabels()).orElse(Map.of())),
        Optional.ofNullable(object.getStatus())
            .map(NodeStatus::getAllocatable)
            .orElse(Map.of())
            .entrySet()
            .stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, e -> PodRequests.value(e.getKey(), e.getValue()))),
        security,
        pressures);
  }

  /** The same node, short of that. */
  AdmissionNode under(NodePressures newest) {
    return new AdmissionNode(name, labels, allocatable, security, newest);
  }
}
