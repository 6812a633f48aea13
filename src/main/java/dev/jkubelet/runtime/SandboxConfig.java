package dev.jkubelet.runtime;

import dev.jkubelet.model.PodKey;
import java.util.List;
import java.util.Map;

/**
 * A pod's sandbox: the pause container that owns network and IPC.
 *
 * @param attempt 0 for the pod's first sandbox
 * @param cgroupParent as the engine's driver wants it ({@code /kubepods/…} or {@code ….slice});
 *     empty for the engine's default
 * @param labels the pod's labels, and its annotations as {@code annotation.<key>}; the runtime adds
 *     its own
 */
public record SandboxConfig(
    PodKey pod,
    int attempt,
    String image,
    String hostname,
    String cgroupParent,
    Namespaces namespaces,
    Dns dns,
    List<PortMapping> ports,
    Map<String, String> sysctls,
    int oomScoreAdj,
    Map<String, String> labels,
    LogLimits logLimits) {

  /** The same, with no port of the host leading to it. */
  public SandboxConfig withoutPorts() {
    return new SandboxConfig(
        pod,
        attempt,
        image,
        hostname,
        cgroupParent,
        namespaces,
        dns,
        List.of(),
        sysctls,
        oomScoreAdj,
        labels,
        logLimits);
  }

  /**
   * Which of the host's namespaces the pod uses; {@code sharePid}: containers see each other's
   * processes.
   */
  public record Namespaces(
      boolean hostNetwork, boolean hostPid, boolean hostIpc, boolean sharePid) {}

  /** The pod's resolv.conf, line by line; all empty means: leave what the engine wrote. */
  public record Dns(List<String> servers, List<String> searches, List<String> options) {}

  /**
   * A port of the host that leads to one of the pod.
   *
   * @param protocol {@code tcp}, {@code udp} or {@code sctp}
   * @param hostIp empty for all addresses
   */
  public record PortMapping(String protocol, int containerPort, int hostPort, String hostIp) {}

  /** The json-file driver's limits; {@code maxSize} in bytes, 0 for the engine's default. */
  public record LogLimits(long maxSize, int maxFiles) {}
}
