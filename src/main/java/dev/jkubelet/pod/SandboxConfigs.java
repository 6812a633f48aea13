package dev.jkubelet.pod;

import dev.jkubelet.model.OomScore;
import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.SandboxConfig;
import dev.jkubelet.runtime.SandboxConfig.Dns;
import dev.jkubelet.runtime.SandboxConfig.Namespaces;
import dev.jkubelet.runtime.SandboxConfig.PortMapping;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From a pod's spec to its sandbox. */
final class SandboxConfigs {
  private SandboxConfigs() {}

  static SandboxConfig of(
      Pod pod,
      int attempt,
      String hostname,
      Dns dns,
      String cgroupParent,
      PodServices.Settings settings) {
    return new SandboxConfig(
        PodKey.of(pod),
        attempt,
        settings.infraImage(),
        hostname,
        cgroupParent,
        namespaces(pod),
        dns,
        ports(pod),
        sysctls(pod),
        settings.canLowerOomScore() ? OomScore.SANDBOX : 0,
        labels(pod),
        settings.logLimits());
  }

  static Namespaces namespaces(Pod pod) {
    var spec = pod.getSpec();
    return new Namespaces(
        isTrue(spec.getHostNetwork()),
        isTrue(spec.getHostPID()),
        isTrue(spec.getHostIPC()),
        isTrue(spec.getShareProcessNamespace()));
  }

  /** On the host's network, ports are open without being mapped. */
  private static List<PortMapping> ports(Pod pod) {
    return isTrue(pod.getSpec().getHostNetwork())
        ? List.of()
        : PodContainers.lasting(pod).stream().flatMap(SandboxConfigs::ports).toList();
  }

  /** Of ports of the same name, or alike without a name, a container gets the first. */
  private static Stream<PortMapping> ports(Container container) {
    var seen = new HashSet<List<Object>>();
    return Optional.ofNullable(container.getPorts()).orElse(List.of()).stream()
        .filter(port -> seen.add(identity(port)))
        .filter(port -> port.getHostPort() != null && port.getHostPort() != 0)
        .map(
            port ->
                new PortMapping(
                    protocol(port).toLowerCase(Locale.ROOT),
                    port.getContainerPort(),
                    port.getHostPort(),
                    orEmpty(port.getHostIP())));
  }

  private static List<Object> identity(ContainerPort port) {
    return orEmpty(port.getName()).isEmpty()
        ? List.of(
            protocol(port),
            orEmpty(port.getHostIP()),
            port.getContainerPort(),
            Optional.ofNullable(port.getHostPort()).orElse(0))
        : List.of(port.getName());
  }

  private static String protocol(ContainerPort port) {
    return orEmpty(port.getProtocol()).isEmpty() ? "TCP" : port.getProtocol();
  }

  private static Map<String, String> sysctls(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getSecurityContext())
        .map(PodSecurityContext::getSysctls)
        .orElse(List.of())
        .stream()
        .collect(
            Collectors.toUnmodifiableMap(Sysctl::getName, Sysctl::getValue, (_, last) -> last));
  }

  private static Map<String, String> labels(Pod pod) {
    var labels = new TreeMap<>(Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of()));
    Optional.ofNullable(pod.getMetadata().getAnnotations())
        .orElse(Map.of())
        .forEach((key, value) -> labels.put("annotation." + key, value));
    return Map.copyOf(labels);
  }

  private static boolean isTrue(Boolean value) {
    return Boolean.TRUE.equals(value);
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
