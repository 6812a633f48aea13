package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a container may learn of its own pod: the downward API.
 *
 * @param ips the pod's addresses; empty on the host's network
 * @param hostIp the node's address; empty while it is not known
 * @param allocatable what a container without a limit of its own is limited to
 */
record DownwardFields(
    Pod pod, List<String> ips, Optional<String> hostIp, PodServices.Allocatable allocatable) {

  private static final Pattern SUBSCRIPTED =
      Pattern.compile("(metadata\\.(?:labels|annotations))\\['(.*)']", Pattern.DOTALL);

  /**
   * The value of a {@code fieldRef}.
   *
   * @throws BadConfig when there is no such field
   */
  String field(ObjectFieldSelector selector) {
    var meta = pod.getMetadata();
    var spec = pod.getSpec();
    var path = selector.getFieldPath();
    return switch (path) {
      case "metadata.name" -> meta.getName();
      case "metadata.namespace" -> meta.getNamespace();
      case "metadata.uid" -> meta.getUid();
      case "spec.nodeName" -> orEmpty(spec.getNodeName());
      case "spec.serviceAccountName" -> orEmpty(spec.getServiceAccountName());
      case "status.hostIP" ->
          hostIp.orElseThrow(() -> new BadConfig("status.hostIP: the node's address is not known"));
      case "status.podIP" -> addresses().stream().findFirst().orElse("");
      case "status.podIPs" -> String.join(",", addresses());
      case null -> throw new BadConfig("fieldRef without a fieldPath");
      case String _ -> entry(path);
    };
  }

  /**
   * The value of a {@code resourceFieldRef}, in units of its divisor, rounded up.
   *
   * @throws BadConfig when there is no such resource or container
   */
  String resource(ResourceFieldSelector selector, Container own) {
    var container = container(selector.getContainerName(), own);
    var name = orEmpty(selector.getResource());
    var divisor = selector.getDivisor();
    return switch (name) {
      case "limits.cpu" ->
          ratio(
              or(
                  Quantities.milliCpu(PodContainers.limit(container, "cpu")),
                  allocatable.milliCpu()),
              Quantities.milliCpu(divisor),
              1000);
      case "requests.cpu" ->
          ratio(
              Quantities.milliCpu(PodContainers.request(container, "cpu")),
              Quantities.milliCpu(divisor),
              1000);
      case "limits.memory" ->
          inUnits(
              or(bytes(PodContainers.limit(container, "memory")), allocatable.memoryBytes()),
              divisor);
      case "requests.memory", "requests.ephemeral-storage" ->
          inUnits(bytes(PodContainers.request(container, name.substring(9))), divisor);
      case "limits.ephemeral-storage" ->
          inUnits(
              or(
                  bytes(PodContainers.limit(container, name.substring(7))),
                  allocatable.ephemeralStorage()),
              divisor);
      case String pages when pages.startsWith("limits.hugepages-") ->
          inUnits(bytes(PodContainers.limit(container, name.substring(7))), divisor);
      case String pages when pages.startsWith("requests.hugepages-") ->
          inUnits(bytes(PodContainers.request(container, name.substring(9))), divisor);
      case String _ -> throw new BadConfig("unsupported container resource : " + name);
    };
  }

  /** On the host's network a pod's address is the node's. */
  private List<String> addresses() {
    return ips.isEmpty() && Boolean.TRUE.equals(pod.getSpec().getHostNetwork())
        ? hostIp.stream().toList()
        : ips;
  }

  private String entry(String path) {
    var match = SUBSCRIPTED.matcher(path);
    if (!match.matches()) {
      throw new BadConfig("unsupported fieldPath: " + path);
    }
    var map =
        match.group(1).equals("metadata.labels")
            ? pod.getMetadata().getLabels()
            : pod.getMetadata().getAnnotations();
    return Optional.ofNullable(map).orElse(Map.of()).getOrDefault(match.group(2), "");
  }

  private Container container(String name, Container own) {
    if (name == null || name.isEmpty()) {
      return own;
    }
    return PodContainers.all(pod)
        .filter(c -> c.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new BadConfig("container " + name + " not found"));
  }

  private static String inUnits(long amount, Quantity divisor) {
    return ratio(amount, bytes(divisor), 1);
  }

  private static String ratio(long amount, long divisor, long unit) {
    return Long.toString(Math.ceilDiv(amount, or(divisor, unit)));
  }

  private static long bytes(Quantity quantity) {
    return Quantities.bytes(quantity);
  }

  private static long or(long amount, long otherwise) {
    return amount == 0 ? otherwise : amount;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
