package dev.jkubelet.pod;

import dev.jkubelet.model.Allocatable;
import dev.jkubelet.model.ResourceFields;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a container may learn of its own pod: the downward API.
 *
 * @param ips the pod's addresses; empty on the host's network
 * @param hostIp the node's address; empty while it is not known
 * @param allocatable what a container without a limit of its own is limited to
 */
record DownwardFields(Pod pod, List<String> ips, Optional<String> hostIp, Allocatable allocatable) {

  private static final Set<String> ADDRESSES = Set.of("status.podIP", "status.podIPs");
  private static final Pattern SUBSCRIPTED =
      Pattern.compile("(metadata\\.(?:labels|annotations))\\['(.*)']", Pattern.DOTALL);

  /** Whether a variable of the container's can't be known before the pod has its addresses. */
  static boolean needsAddresses(Container container) {
    return Optional.ofNullable(container.getEnv()).orElse(List.of()).stream()
        .flatMap(env -> Stream.ofNullable(env.getValueFrom()))
        .flatMap(source -> Stream.ofNullable(source.getFieldRef()))
        .anyMatch(field -> ADDRESSES.contains(field.getFieldPath()));
  }

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
    try {
      return new ResourceFields(pod, allocatable).value(selector, own);
    } catch (IllegalArgumentException wrong) {
      throw new BadConfig(wrong.getMessage());
    }
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

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
