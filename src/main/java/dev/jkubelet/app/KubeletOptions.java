package dev.jkubelet.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the agent is told, checked: defaults, then the file given to {@code --config}, then
 * flags. Names and meaning are those of the kubelet 1.20; paths are absolute, nothing is null.
 *
 * @param configz body of {@code /configz}, ready for JSON: the effective KubeletConfiguration
 */
public record KubeletOptions(
    Node node,
    Sources sources,
    Server server,
    Engine engine,
    Cgroups cgroups,
    Dns dns,
    ContainerLogs containerLogs,
    Map<String, Object> configz) {

  /**
   * The node.
   *
   * @param name a DNS-1123 subdomain: {@code --hostname-override}, or the machine's host name in
   *     lower case
   * @param ips at most two addresses; none leaves the choice to the agent
   * @param rootDir where pods' volumes and files live
   * @param syncFrequency longest time between two comparisons of a pod with its containers
   */
  public record Node(
      String name,
      List<InetAddress> ips,
      Path rootDir,
      int maxPods,
      Duration syncFrequency,
      boolean failSwapOn) {}

  /** Where static pods come from; the headers go with each request to {@code manifestUrl}. */
  public record Sources(
      Optional<Path> manifestPath,
      Duration fileCheckFrequency,
      Optional<URI> manifestUrl,
      Map<String, List<String>> manifestUrlHeaders,
      Duration httpCheckFrequency) {}

  /**
   * The four ports; an absent one is turned off.
   *
   * @param debuggingHandlers serve logs, exec, attach, run and port-forward
   * @param cadvisorJsonEndpoints serve {@code /spec/} and {@code /stats/}
   * @param systemLogHandler serve the host's log folder under {@code /logs/}
   * @param streamingIdleTimeout longest silence on a streaming connection; zero for no limit
   */
  public record Server(
      Optional<InetSocketAddress> kubelet,
      Optional<InetSocketAddress> readOnly,
      Optional<InetSocketAddress> healthz,
      Optional<InetSocketAddress> cadvisor,
      Tls tls,
      Auth auth,
      boolean debuggingHandlers,
      boolean cadvisorJsonEndpoints,
      boolean systemLogHandler,
      Duration streamingIdleTimeout) {}

  /**
   * The serving certificate of the kubelet port.
   *
   * @param selfSigned nobody gave a certificate: make one at these paths unless both are there
   */
  public record Tls(Path certFile, Path keyFile, boolean selfSigned) {}

  /**
   * Who may use the kubelet port; client certificates count when {@code clientCaFile} vouches for
   * them.
   */
  public record Auth(
      boolean anonymous, AuthorizationMode authorization, Optional<Path> clientCaFile) {}

  /** What decides whether an authenticated request is allowed. */
  public enum AuthorizationMode {
    /** Every authenticated request passes. */
    ALWAYS_ALLOW,
    /** The API server is asked, by SubjectAccessReview. */
    WEBHOOK
  }

  /**
   * The Docker Engine and its pulls.
   *
   * @param endpoint as {@code unix:///var/run/docker.sock} or {@code tcp://host:port}
   * @param requestTimeout of every request except pulls, logs, exec and attach
   * @param pullProgressDeadline a pull without progress for so long has failed
   * @param registryPullQps pulls per second; 0 for no limit
   * @param registryBurst pulls at once above that rate
   */
  public record Engine(
      URI endpoint,
      String sandboxImage,
      Duration requestTimeout,
      Duration pullProgressDeadline,
      boolean serializeImagePulls,
      int registryPullQps,
      int registryBurst) {}

  /**
   * The pods' cgroups.
   *
   * @param root cgroup under which {@code /kubepods} is made, absolute
   * @param cpuCfsQuotaPeriod of the CPU quota by which limits are held, if {@code cpuCfsQuota}
   */
  public record Cgroups(
      String root,
      CgroupDriver driver,
      boolean perQos,
      boolean cpuCfsQuota,
      Duration cpuCfsQuotaPeriod) {}

  /** Who makes cgroups, and so how they are named. */
  public enum CgroupDriver {
    CGROUPFS,
    SYSTEMD
  }

  /**
   * Name resolution of pods.
   *
   * @param clusterDomain without dots at its ends; may be empty
   * @param resolvConf the host's file to start from; empty for none
   */
  public record Dns(
      List<InetAddress> clusterDns, String clusterDomain, Optional<Path> resolvConf) {}

  /** When a container's log is rotated, and how many files are kept of it. */
  public record ContainerLogs(long maxSizeBytes, int maxFiles) {}
}
