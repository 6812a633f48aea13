package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The host's ports that pods claim. */
public final class HostPorts {
  private static final String ANY_ADDRESS = "0.0.0.0";

  private HostPorts() {}

  private record Claim(String address, String protocol, int port) {
    boolean clashes(Claim other) {
      return protocol.equals(other.protocol)
          && port == other.port
          && (address.equals(other.address)
              || address.equals(ANY_ADDRESS)
              || other.address.equals(ANY_ADDRESS));
    }
  }

  /** Whether {@code pod} claims a port that one of {@code others} has. */
  public static boolean conflict(Pod pod, List<Pod> others) {
    var taken = others.stream().flatMap(HostPorts::claims).toList();
    return claims(pod).anyMatch(claim -> taken.stream().anyMatch(claim::clashes));
  }

  private static Stream<Claim> claims(Pod pod) {
    return PodContainers.lasting(pod).stream()
        .flatMap(c -> Optional.ofNullable(c.getPorts()).orElse(List.of()).stream())
        .filter(port -> port.getHostPort() != null && port.getHostPort() > 0)
        .map(HostPorts::claim);
  }

  private static Claim claim(ContainerPort port) {
    return new Claim(
        orElse(port.getHostIP(), ANY_ADDRESS),
        orElse(port.getProtocol(), "TCP"),
        port.getHostPort());
  }

  private static String orElse(String text, String fallback) {
    return text == null || text.isEmpty() ? fallback : text;
  }
}
