package dev.jkubelet.app;

import dev.jkubelet.cgroup.NodeBounds;
import dev.jkubelet.cgroup.PodCgroups;
import dev.jkubelet.image.CredentialProviders;
import dev.jkubelet.image.ImageReference;
import dev.jkubelet.image.Images;
import dev.jkubelet.image.Keyring;
import dev.jkubelet.image.NodeCredentials;
import dev.jkubelet.model.Allocatable;
import dev.jkubelet.node.AdmissionNode;
import dev.jkubelet.node.HostSecurity;
import dev.jkubelet.node.registration.MachineAmounts;
import dev.jkubelet.node.registration.NodeAddresses;
import dev.jkubelet.pod.PodObjects;
import dev.jkubelet.pod.PodServices;
import dev.jkubelet.pod.Spans;
import dev.jkubelet.probe.NetworkProbes;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.SandboxConfig.LogLimits;
import dev.jkubelet.stats.DiskSpace;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.Machine;
import dev.jkubelet.stats.MeteredPodCgroups;
import dev.jkubelet.volume.ContainerMounts;
import dev.jkubelet.volume.PodDns;
import dev.jkubelet.volume.PodFiles;
import dev.jkubelet.volume.PodVolumes;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds what every pod works with, from the options and from what the machine can do. */
final class PodWiring {
  private static final Logger LOG = LoggerFactory.getLogger(PodWiring.class);

  private static final Duration FILE_CALL_LIMIT = Duration.ofMinutes(2);

  private final KubeletOptions options;
  private final Host host;
  private final ContainerRuntime runtime;
  private final BlockingCalls calls;
  private final KubeletMetrics metrics;
  private final Clock clock;
  private final Optional<ClusterWiring> cluster;
  private final Spans spans;

  PodWiring(
      KubeletOptions options,
      Host host,
      ContainerRuntime runtime,
      BlockingCalls calls,
      KubeletMetrics metrics,
      Clock clock,
      Optional<ClusterWiring> cluster,
      Spans spans) {
    this.options = options;
    this.host = host;
    this.runtime = runtime;
    this.calls = calls;
    this.metrics = metrics;
    this.clock = clock;
    this.cluster = cluster;
    this.spans = spans;
  }

  PodServices services() {
    var bounds = host.bounds();
    var left = options.cgroups().reserved().map(bounds::minus).orElse(bounds);
    var allocatable = new Allocatable(left.milliCpu(), left.memoryBytes(), 0);
    var root = options.node().rootDir();
    var ips = ips();
    var objects = cluster.map(ClusterWiring::objects).orElseGet(PodObjects::none);
    var events = cluster.map(ClusterWiring::events).orElse(PodWiring::log);
    return new PodServices(
        runtime,
        new NetworkProbes(),
        new Images(runtime, options.engine().parallelPulls(), clock, credentials(root)),
        new PodVolumes(
            root,
            objects,
            allocatable,
            calls,
            FILE_CALL_LIMIT,
            new VolumeReports(metrics.volumes(), events)),
        new PodFiles(
            new PodFiles.Places(
                root,
                Path.of("/var/log/pods"),
                Path.of("/var/log/containers"),
                Path.of("/etc/hosts")),
            options.node().name(),
            dns(ips),
            calls,
            FILE_CALL_LIMIT,
            clock),
        new ContainerMounts(root, calls, FILE_CALL_LIMIT)::of,
        new MeteredPodCgroups(PodCgroups.of(host.cgroups(), InBackground::run), metrics),
        metrics,
        events,
        objects,
        spans,
        clock,
        new PodServices.Settings(
            options.node().name(),
            ips.stream().findFirst(),
            options.engine().sandboxImage(),
            new LogLimits(
                options.containerLogs().maxSizeBytes(), options.containerLogs().maxFiles()),
            host.canLowerOomScore(),
            bounds.memoryBytes(),
            allocatable,
            options.node().keepTerminatedPodVolumes(),
            options.confinement().seccompRoot()));
  }

  /** As given; a node of a cluster finds its own, which its pods are told. */
  private List<String> ips() {
    var given = options.node().ips();
    var found = cluster.isEmpty() ? given : NodeAddresses.find(given, options.node().name());
    return found.stream().map(InetAddress::getHostAddress).toList();
  }

  /** Of the node's files, and of programs that know some. */
  private List<Function<ImageReference, CompletionStage<Keyring>>> credentials(Path root) {
    var files = NodeCredentials.under(root, calls);
    return options
        .engine()
        .credentialProviders()
        .<List<Function<ImageReference, CompletionStage<Keyring>>>>map(
            places -> List.of(files, providers(places)))
        .orElse(List.of(files));
  }

  private CredentialProviders providers(KubeletOptions.CredentialProviderFiles places) {
    try {
      return CredentialProviders.read(places.configuration(), places.programs(), calls, clock);
    } catch (IllegalArgumentException wrong) {
      throw new StartFailure("--image-credential-provider-config: " + wrong.getMessage(), wrong);
    }
  }

  private PodDns dns(List<String> nodeIps) {
    var dns = options.dns();
    return new PodDns(
        dns.resolvConf(),
        dns.clusterDns().stream().map(InetAddress::getHostAddress).toList(),
        dns.clusterDomain(),
        nodeIps);
  }

  /** The node as it is known without the API server; looks at its disk. */
  static AdmissionNode admissionNode(KubeletOptions options, NodeBounds machine) {
    return AdmissionNode.ofItsOwn(
        options.node().name(),
        options.cluster().map(joined -> joined.registration().labels()).orElse(Map.of()),
        options.node().resources(),
        new MachineAmounts(
            Math.toIntExact(machine.milliCpu() / 1000),
            machine.memoryBytes(),
            Machine.hugePages(),
            DiskSpace.of(options.node().rootDir()).map(DiskSpace::capacity).orElse(0L)),
        HostSecurity.of(Path.of("/"), options.confinement().sysctls()));
  }

  /** Without an API server, events are log lines. */
  private static void log(Pod pod, String container, String type, String reason, String message) {
    LOG.info(
        "event {} {} pod={}/{} container={}: {}",
        type,
        reason,
        pod.getMetadata().getNamespace(),
        pod.getMetadata().getName(),
        container,
        message);
  }
}
