package dev.jkubelet.app;

import com.typesafe.config.ConfigFactory;
import dev.jkubelet.app.actors.ActorGauges;
import dev.jkubelet.app.kamon.KamonWiring;
import dev.jkubelet.cgroup.PodCgroups;
import dev.jkubelet.node.MeteredSpans;
import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.RuntimeEvents;
import dev.jkubelet.node.event.NodeEvents;
import dev.jkubelet.node.source.ManifestUrl;
import dev.jkubelet.node.source.StaticPods;
import dev.jkubelet.pod.PodServices;
import dev.jkubelet.pod.Spans;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.OomKills;
import dev.jkubelet.runtime.cni.CniRuntime;
import dev.jkubelet.runtime.docker.DockerOptions;
import dev.jkubelet.runtime.docker.DockerRuntime;
import dev.jkubelet.server.HttpPorts;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.Machine;
import dev.jkubelet.stats.MeteredRuntime;
import dev.jkubelet.volume.csi.CsiNodeRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
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

  private final KubeletOptions options;
  private final BlockingCalls calls = new BlockingCalls(BLOCKING_CALLS);
  private final KubeletMetrics metrics;
  private final Clock clock = Clock.systemUTC();
  private final Host host;
  private final OomKills kills = OomKills.ofKernel();

  private Agent(KubeletOptions options) {
    this.options = options;
    this.metrics = new KubeletMetrics(options.node().name());
    this.host = Host.look(options);
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
    var cluster = ClusterWiring.of(options, metrics.apiServerCalls(), clock);
    var engine = engine();
    var runtime = new MeteredRuntime(engine, metrics);
    var kamon = kamon();
    var spans = new MeteredSpans(kamon.map(KamonWiring::spans).orElse(Spans.NONE), metrics, clock);
    var services =
        new PodWiring(options, host, runtime, calls, metrics, clock, cluster, spans).services();
    makeCgroups(services.cgroups());
    var pekko = kamon.map(_ -> KamonWiring.pekko()).orElseGet(ConfigFactory::load);
    var system = ActorSystem.create(guardian(services, cluster, engine, kamon), "jkubelet", pekko);
    system.getWhenTerminated().toCompletableFuture().join();
    kamon.ifPresent(KamonWiring::close);
    cluster.ifPresent(ClusterWiring::close);
    runtime.close();
    return failure == null ? 0 : report(failure);
  }

  /** The engine, whose sandboxes others connect when so told. */
  private ContainerRuntime engine() {
    var docker =
        DockerOptions.of(options.engine().endpoint().toString(), options.engine().requestTimeout())
            .withPullProgressLimit(options.engine().pullProgressDeadline())
            .withListener(metrics::engineRequest);
    return options
        .cni()
        .<ContainerRuntime>map(
            cni ->
                new CniRuntime(
                    DockerRuntime.connect(docker.withNetwork("none"), calls, kills), cni, calls))
        .orElseGet(() -> DockerRuntime.connect(docker, calls, kills));
  }

  /** Before anything listens: without them no pod could run. */
  private static void makeCgroups(PodCgroups cgroups) {
    try {
      cgroups.start().toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw new StartFailure("--cgroup-root: " + failed.getCause().getMessage(), failed);
    }
  }

  private Optional<KamonWiring> kamon() {
    try {
      return Optional.ofNullable(System.getProperty(KamonWiring.FILE))
          .flatMap(file -> KamonWiring.start(Path.of(file), clock));
    } catch (IllegalArgumentException wrong) {
      throw new StartFailure(wrong.getMessage());
    }
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

  private Behavior<Command> guardian(
      PodServices services,
      Optional<ClusterWiring> cluster,
      ContainerRuntime engine,
      Optional<KamonWiring> kamon) {
    return Behaviors.setup(
        context -> {
          // Read in the background: the first reading takes its time on a cold JVM.
          var machine = Machine.hostLater(clock, InBackground::run);
          var alone = PodWiring.admissionNode(options, host.bounds());
          var node =
              cluster
                  .map(joined -> joined.spawnNode(context, services, alone, sources()))
                  .orElseGet(
                      () ->
                          context.spawn(
                              NodeActor.create(
                                  services, alone, sources(), context.getSystem().ignoreRef()),
                              "node"));
          NodeEvents nodeEvents = cluster.map(ClusterWiring::nodeEvents).orElse(Agent::log);
          var classic = context.getSystem().classicSystem();
          var stats =
              StatsWiring.start(
                  context.getSystem(), options, host.cgroups(), engine, calls, metrics, clock);
          stats.watch(kills, nodeEvents, context.getSystem());
          var guard = new GuardWiring(options, services, node, stats.stats(), calls, clock);
          var garbage = guard.spawnCollectors(context, nodeEvents);
          Consumer<Optional<String>> health =
              cluster
                  .map(
                      joined ->
                          joined.spawnReporter(context, services, machine, calls, guard, garbage))
                  .orElse(_ -> {});
          context.spawn(
              RuntimeEvents.create(
                  services.runtime(),
                  metrics,
                  clock,
                  options.node().syncFrequency(),
                  new EngineFitness(host.cgroups())::misfit,
                  node,
                  health),
              "runtime-events");
          kamon.ifPresent(on -> on.measure(classic, stats.stats(), metrics.probes()));
          metrics.measured(stats.stats());
          metrics.also(ActorGauges.of(classic, calls));
          var ports = new PortWiring(options, calls, metrics, clock, machine, cluster, stats);
          var opened = openPorts(context, ports, node, services.runtime());
          cluster.ifPresent(joined -> joined.certify(opened));
          cluster.ifPresent(
              joined -> metrics.certificates(joined::certificateExpiry, opened::certificateExpiry));
          watchSources(context, node);
          PluginWiring.spawn(
              context,
              options.node().rootDir(),
              services.volumes().drivers(),
              cluster.map(ClusterWiring::csiNodes).orElse(CsiNodeRecord.NONE),
              calls);
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

  /** Without an API server, events are log lines. */
  private static void log(String type, String reason, String message) {
    LOG.info("event {} {}: {}", type, reason, message);
  }

  private static HttpPorts openPorts(
      ActorContext<Command> context,
      PortWiring wiring,
      ActorRef<NodeActor.Command> node,
      ContainerRuntime runtime) {
    var ports =
        new HttpPorts(context.getSystem(), wiring.settings(), wiring.services(node, runtime));
    context.pipeToSelf(
        ports.open(), (_, failed) -> failed == null ? new PortsOpen() : new PortsFailed(failed));
    return ports;
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

  private void watchSources(ActorContext<Command> context, ActorRef<NodeActor.Command> node) {
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
}
