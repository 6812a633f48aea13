package dev.jkubelet.app;

import dev.jkubelet.cgroup.NodeBounds;
import dev.jkubelet.cluster.CallRates;
import dev.jkubelet.cluster.NodeCredentials;
import dev.jkubelet.node.SysctlRules;
import dev.jkubelet.node.eviction.Evictor;
import dev.jkubelet.node.gc.DeadContainers;
import dev.jkubelet.node.gc.GarbageCollector;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import dev.jkubelet.node.registration.NodeSettings;
import dev.jkubelet.runtime.cni.CniOptions;
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
 * @param cni who connects pods; empty for the engine
 * @param cluster whose node this is; empty for a node of its own
 * @param configz body of {@code /configz}, ready for JSON: the effective KubeletConfiguration
 */
public record KubeletOptions(
    Node node,
    Sources sources,
    Server server,
    Engine engine,
    Cgroups cgroups,
    Confinement confinement,
    Optional<CniOptions> cni,
    Dns dns,
    ContainerLogs containerLogs,
    Optional<Cluster> cluster,
    Map<String, Object> configz) {

  /**
   * The node.
   *
   * @param name a DNS-1123 subdomain: {@code --hostname-override}, or the machine's host name in
   *     lower case
   * @param ips at most two addresses; none leaves the choice to the agent
   * @param rootDir where pods' volumes and files live
   * @param resources what of the machine pods may have
   * @param keepTerminatedPodVolumes until their pod is deleted
   * @param syncFrequency longest time between two comparisons of a pod with its containers
   */
  public record Node(
      String name,
      List<InetAddress> ips,
      Path rootDir,
      NodeSettings.Resources resources,
      boolean keepTerminatedPodVolumes,
      Duration syncFrequency) {}

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
   * @param cadvisorJsonEndpoints serve {@code /spec/}
   * @param streamingIdleTimeout longest silence on a streaming connection; zero for no limit
   */
  public record Server(
      Optional<InetSocketAddress> kubelet,
      Optional<InetSocketAddress> readOnly,
      Optional<InetSocketAddress> healthz,
      Optional<InetSocketAddress> cadvisor,
      Tls tls,
      Auth auth,
      boolean cadvisorJsonEndpoints,
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
      boolean anonymous,
      AuthorizationMode authorization,
      Optional<Path> clientCaFile,
      Webhook webhook) {}

  /**
   * What the API server is asked about requests to the kubelet port.
   *
   * @param tokens whose a bearer token is, by TokenReview
   * @param tokensFor how long that answer holds
   * @param allowedFor how long a yes of a SubjectAccessReview holds
   * @param refusedFor how long a no holds
   */
  public record Webhook(
      boolean tokens, Duration tokensFor, Duration allowedFor, Duration refusedFor) {}

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
   * @param parallelPulls images that are pulled at a time
   * @param deadContainers which are kept for their logs
   * @param imageGarbage when images that nobody uses are removed
   * @param credentialProviders programs that know registries' credentials
   */
  public record Engine(
      URI endpoint,
      String sandboxImage,
      Duration requestTimeout,
      Duration pullProgressDeadline,
      int parallelPulls,
      DeadContainers deadContainers,
      GarbageCollector.Settings imageGarbage,
      Optional<CredentialProviderFiles> credentialProviders) {}

  /** Which programs know credentials, and where they are. */
  public record CredentialProviderFiles(Path configuration, Path programs) {}

  /**
   * The pods' cgroups.
   *
   * @param root cgroup under which {@code /kubepods} is made, absolute
   * @param cpuCfsQuotaPeriod of the CPU quota by which limits are held, if {@code cpuCfsQuota}
   * @param podPidsLimit processes of one pod; 0 or less for no limit
   * @param reserved what of the machine all pods together may not use; empty when nobody holds them
   *     to that
   */
  public record Cgroups(
      String root,
      CgroupDriver driver,
      boolean perQos,
      boolean cpuCfsQuota,
      Duration cpuCfsQuotaPeriod,
      long podPidsLimit,
      Optional<NodeBounds> reserved) {}

  /** Who makes cgroups, and so how they are named. */
  public enum CgroupDriver {
    CGROUPFS,
    SYSTEMD
  }

  /**
   * How pods are confined.
   *
   * @param seccompRoot where the seccomp profiles are that pods name
   * @param sysctls what of the kernel they may change
   */
  public record Confinement(Path seccompRoot, SysctlRules sysctls) {}

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

  /**
   * The cluster that the node belongs to.
   *
   * @param credentials what the node shows to its API server
   * @param servingCertificate {@code serverTLSBootstrap}: the cluster signs the kubelet port's
   * @param evictionSoft with how little left the node counts as short of something, too
   * @param pressureTransition how long the node counts as short of something after it was
   * @param rates what the API server is spared
   * @param lease how long the node counts as alive after a renewal
   */
  public record Cluster(
      NodeCredentials credentials,
      boolean servingCertificate,
      NodeSettings.Registration registration,
      NodeSettings.Reporting reporting,
      Map<Signal, Threshold> evictionSoft,
      Evictor.Settings eviction,
      Duration pressureTransition,
      CallRates rates,
      Duration lease) {}
}
