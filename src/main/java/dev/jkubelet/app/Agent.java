package dev.jkubelet.app;

import dev.jkubelet.cgroup.CgroupDriver;
import dev.jkubelet.cgroup.MachineLimits;
import dev.jkubelet.cgroup.NodeBounds;
import dev.jkubelet.cgroup.PodCgroupSettings;
import dev.jkubelet.cgroup.PodCgroups;
import dev.jkubelet.image.Images;
import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.RuntimeEvents;
import dev.jkubelet.node.source.ManifestUrl;
import dev.jkubelet.node.source.StaticPods;
import dev.jkubelet.pod.PodServices;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.SandboxConfig.LogLimits;
import dev.jkubelet.runtime.docker.DockerOptions;
import dev.jkubelet.runtime.docker.DockerRuntime;
import dev.jkubelet.server.HttpPorts;
import dev.jkubelet.server.ServerSettings;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.volume.ContainerMounts;
import dev.jkubelet.volume.PodDns;
import dev.jkubelet.volume.PodFiles;
import dev.jkubelet.volume.PodVolumes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running agent: wires the actors and ports of a node and keeps them until a signal. */
final class Agent {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

  /** Blocking calls at a time: a few for each of some hundred pods. */
  private static final int BLOCKING_CALLS = 512;

  private static final int PARALLEL_PULLS = 5;
  private static final Duration FILE_CALL_LIMIT = Duration.ofMinutes(2);
  private static final int PIDS_UNLIMITED = -1;

  private final KubeletOptions options;
  private final BlockingCalls calls = new BlockingCalls(BLOCKING_CALLS);
  private final KubeletMetrics metrics;
  private final Clock clock = Clock.systemUTC();

  private Agent(KubeletOptions options) {
    this.options = options;
    this.metrics = new KubeletMetrics(options.node().name());
  }

  /**
   * Runs until the process is told to stop.
   *
   * @return the exit code
   * @throws StartFailure when the machine is not as it must be, such as a port that is taken
   */
  static int run(KubeletOptions options) {
    return new Agent(options).run();
  }

  private int run() {
    var runtime =
        DockerRuntime.connect(
            DockerOptions.of(
                    options.engine().endpoint().toString(), options.engine().requestTimeout())
                .withPullProgressLimit(options.engine().pullProgressDeadline()),
            calls);
    var services = services(runtime);
    services
        .cgroups()
        .start()
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                LOG.error("cgroups of pods: {}", failure.toString());
              }
            });
    var system = ActorSystem.create(guardian(services), "jkubelet");
    system.getWhenTerminated().toCompletableFuture().join();
    runtime.close();
    return failure == null ? 0 : report(failure);
  }

  private volatile Throwable failure;

  private static int report(Throwable failure) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    throw new StartFailure(cause.getMessage() == null ? cause.toString() : cause.getMessage());
  }

  private sealed interface Command {}

  private record PortsFailed(Throwable failure) implements Command {}

  private record PortsOpen() implements Command {}

  private Behavior<Command> guardian(PodServices services) {
    return Behaviors.setup(
        context -> {
          var node =
              context.spawn(
                  NodeActor.create(services, options.node().maxPods(), sources()), "node");
          context.spawn(
              RuntimeEvents.create(services.runtime(), metrics, clock, node), "runtime-events");
          openPorts(context, node);
          watchSources(context, node);
          return Behaviors.receive(Command.class)
              .onMessage(
                  PortsFailed.class,
                  failed -> {
                    failure = failed.failure();
                    return Behaviors.stopped();
                  })
              .onMessage(
                  PortsOpen.class,
                  _ -> {
                    LOG.info("node {} is up", options.node().name());
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private void openPorts(
      ActorContext<Command> context, org.apache.pekko.actor.typed.ActorRef<NodeActor.Command> node)
      throws IOException {
    var ports = new HttpPorts(context.getSystem(), serverSettings(), node, metrics, calls);
    context.pipeToSelf(
        ports.open(), (_, failed) -> failed == null ? new PortsOpen() : new PortsFailed(failed));
  }

  private Set<String> sources() {
    var sources = new HashSet<String>();
    if (options.sources().manifestPath().isPresent()) {
      sources.add("file");
    }
    if (options.sources().manifestUrl().isPresent()) {
      sources.add("http");
    }
    return sources;
  }

  private void watchSources(
      ActorContext<Command> context,
      org.apache.pekko.actor.typed.ActorRef<NodeActor.Command> node) {
    var from = options.sources();
    from.manifestPath()
        .ifPresent(
            path ->
                context.spawn(
                    StaticPods.create(
                        path,
                        options.node().name(),
                        from.fileCheckFrequency(),
                        calls,
                        clock,
                        node.narrow()),
                    "static-pods"));
    from.manifestUrl()
        .ifPresent(
            url ->
                context.spawn(
                    ManifestUrl.create(
                        url,
                        from.manifestUrlHeaders(),
                        options.node().name(),
                        from.httpCheckFrequency(),
                        calls,
                        clock,
                        node.narrow()),
                    "manifest-url"));
  }

  private PodServices services(ContainerRuntime runtime) {
    var limits = MachineLimits.probe();
    if (!limits.canLowerOomScore()) {
      LOG.warn("no CAP_SYS_RESOURCE: containers' negative OOM scores become 0");
    }
    var bounds = bounds();
    var root = options.node().rootDir();
    var ips = options.node().ips().stream().map(InetAddress::getHostAddress).toList();
    var dns = options.dns();
    var cgroups = options.cgroups();
    return new PodServices(
        runtime,
        new Images(runtime, PARALLEL_PULLS, clock),
        new PodVolumes(root, calls, FILE_CALL_LIMIT),
        new PodFiles(
            new PodFiles.Places(
                root,
                Path.of("/var/log/pods"),
                Path.of("/var/log/containers"),
                Path.of("/etc/hosts")),
            options.node().name(),
            new PodDns(
                dns.resolvConf(),
                dns.clusterDns().stream().map(InetAddress::getHostAddress).toList(),
                dns.clusterDomain(),
                ips),
            calls,
            FILE_CALL_LIMIT,
            clock),
        new ContainerMounts(root)::of,
        PodCgroups.of(
            new PodCgroupSettings(
                Path.of("/sys/fs/cgroup"),
                cgroups.perQos(),
                cgroups.root(),
                switch (cgroups.driver()) {
                  case CGROUPFS -> CgroupDriver.CGROUPFS;
                  case SYSTEMD -> CgroupDriver.SYSTEMD;
                },
                bounds,
                PIDS_UNLIMITED,
                cgroups.cpuCfsQuota(),
                cgroups.cpuCfsQuotaPeriod().toNanos() / 1000),
            task -> Thread.ofVirtual().name("cgroup").start(task)),
        metrics,
        Agent::log,
        clock,
        new PodServices.Settings(
            options.node().name(),
            ips.stream().findFirst(),
            options.engine().sandboxImage(),
            new LogLimits(
                options.containerLogs().maxSizeBytes(), options.containerLogs().maxFiles()),
            limits.canLowerOomScore(),
            bounds.memoryBytes(),
            bounds.milliCpu()));
  }

  private static NodeBounds bounds() {
    try {
      return NodeBounds.ofMachine(Path.of("/proc"));
    } catch (IOException unreadable) {
      throw new StartFailure(
          "/proc: the machine's memory and processors can't be read: " + unreadable.getMessage());
    }
  }

  /** Without an API server, events are log lines. */
  private static void log(
      io.fabric8.kubernetes.api.model.Pod pod,
      String container,
      String type,
      String reason,
      String message) {
    LOG.info(
        "event {} {} pod={}/{} container={}: {}",
        type,
        reason,
        pod.getMetadata().getNamespace(),
        pod.getMetadata().getName(),
        container,
        message);
  }

  private ServerSettings serverSettings() {
    var server = options.server();
    return new ServerSettings(
        server.kubelet(),
        server.readOnly(),
        server.healthz(),
        server.cadvisor(),
        server.tls().certFile(),
        server.tls().keyFile(),
        server.tls().selfSigned(),
        server.auth().clientCaFile(),
        server.auth().anonymous(),
        server.auth().authorization() == KubeletOptions.AuthorizationMode.ALWAYS_ALLOW,
        options.node().name(),
        options.node().ips().stream().map(InetAddress::getHostAddress).toList(),
        options.configz(),
        Path.of("/var/log"));
  }
}
