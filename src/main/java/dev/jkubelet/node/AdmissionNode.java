package dev.jkubelet.node;

import dev.jkubelet.model.PodRequests;
import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.node.registration.MachineAmounts;
import dev.jkubelet.node.registration.NodeLabels;
import dev.jkubelet.node.registration.NodeResources;
import dev.jkubelet.node.registration.NodeSettings;
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
   * A node as it is known without the API server, which will be told the same.
   *
   * @param given labels beside those that every node has
   * @param settings what of the machine pods may have
   */
  public static AdmissionNode ofItsOwn(
      String name,
      Map<String, String> given,
      NodeSettings.Resources settings,
      MachineAmounts machine,
      HostSecurity security) {
    return new AdmissionNode(
        name,
        NodeLabels.of(name, given),
        values(NodeResources.of(settings, machine, Map.of()).allocatable()),
        security,
        NodePressures.NONE);
  }

  private static Map<String, Long> values(Map<String, Quantity> amounts) {
    return amounts.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, e -> PodRequests.value(e.getKey(), e.getValue())));
  }

  /** The same node as the API server has it. */
  AdmissionNode registeredAs(Node object) {
    var metadata = object.getMetadata();
    return new AdmissionNode(
        metadata.getName(),
        Map.copyOf(Optional.ofNullable(metadata.getLabels()).orElse(Map.of())),
        values(
            Optional.ofNullable(object.getStatus())
                .map(NodeStatus::getAllocatable)
                .orElse(Map.of())),
        security,
        pressures);
  }

  /** The same node, short of that. */
  AdmissionNode under(NodePressures newest) {
    return new AdmissionNode(name, labels, allocatable, security, newest);
  }
}
