package dev.jkubelet.app;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.log.ContainerLog;
import dev.jkubelet.runtime.log.LogOptions;
import dev.jkubelet.server.Documents;
import dev.jkubelet.server.LogRequest;
import dev.jkubelet.server.MetricsText;
import dev.jkubelet.server.ServerSettings;
import dev.jkubelet.server.Services;
import dev.jkubelet.server.cadvisor.MachineFacts;
import dev.jkubelet.server.cadvisor.Monitoring;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.Machine;
import dev.jkubelet.stats.MetricsFormat;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Builds what the four ports are told and what they serve. */
final class PortWiring {
  private final KubeletOptions options;
  private final BlockingCalls calls;
  private final KubeletMetrics metrics;
  private final Clock clock;
  private final CompletionStage<Machine> machine;
  private final Optional<ClusterWiring> cluster;
  private final StatsWiring stats;

  PortWiring(
      KubeletOptions options,
      BlockingCalls calls,
      KubeletMetrics metrics,
      Clock clock,
      CompletionStage<Machine> machine,
      Optional<ClusterWiring> cluster,
      StatsWiring stats) {
    this.options = options;
    this.calls = calls;
    this.metrics = metrics;
    this.clock = clock;
    this.machine = machine;
    this.cluster = cluster;
    this.stats = stats;
  }

  ServerSettings settings() {
    var server = options.server();
    return new ServerSettings(
        server.kubelet(),
        server.readOnly(),
        server.healthz(),
        server.cadvisor(),
        server.tls().certFile(),
        server.tls().keyFile(),
        server.tls().selfSigned(),
        cluster.flatMap(ClusterWiring::servingCertificate),
        server.auth().clientCaFile(),
        server.auth().anonymous(),
        server.auth().authorization() == KubeletOptions.AuthorizationMode.ALWAYS_ALLOW,
        options.node().name(),
        options.node().ips().stream().map(InetAddress::getHostAddress).toList(),
        options.configz(),
        Path.of("/var/log"),
        ServerSettings.StreamLimits.ofIdle(server.streamingIdleTimeout()));
  }

  Services services(ActorRef<NodeActor.Command> node, ContainerRuntime runtime) {
    return new Services(
        node,
        documents(),
        metrics,
        Optional.of(
            new Monitoring(
                stats.stats(),
                stats.events(),
                machine.thenApply(read -> MachineFacts.of(read, stats::engineVersion)))),
        PortWiring::containerLog,
        calls,
        cluster.map(ClusterWiring::tokens).orElse(List.of()),
        cluster.map(ClusterWiring::authorizer),
        runtime,
        clock);
  }

  private Documents documents() {
    var containers = machine.thenApply(stats::kubeletCadvisorMetrics);
    var cadvisor = machine.thenApply(stats::cadvisorMetrics);
    var resources = stats.resourceMetrics();
    Supplier<CompletionStage<ByteString>> spec =
        () -> machine.thenApply(read -> ByteString.fromArrayUnsafe(read.specJson()));
    return new Documents(
        options.server().cadvisorJsonEndpoints() ? Optional.of(spec) : Optional.empty(),
        Optional.of(
            () -> machine.thenApply(read -> ByteString.fromArrayUnsafe(read.cadvisorJson()))),
        Optional.of(stats.summary()),
        Map.of(
            "/metrics",
            now(metrics::render),
            "/metrics/probes",
            now(metrics.probes()::render),
            "/metrics/cadvisor",
            format -> containers.thenApply(all -> ByteString.fromArrayUnsafe(all.render(format))),
            "/metrics/resource",
            now(resources::render)),
        format -> cadvisor.thenApply(all -> ByteString.fromArrayUnsafe(all.render(format))));
  }

  private static MetricsText now(Function<MetricsFormat, byte[]> render) {
    return format ->
        CompletableFuture.completedStage(ByteString.fromArrayUnsafe(render.apply(format)));
  }

  private static Source<ByteString, NotUsed> containerLog(
      Path file, LogRequest asked, Supplier<CompletionStage<Boolean>> isRunning) {
    return ContainerLog.read(
        file,
        new LogOptions(
            asked.follow(),
            asked.timestamps(),
            asked.tailLines(),
            asked.limitBytes(),
            asked.since()),
        isRunning);
  }
}
