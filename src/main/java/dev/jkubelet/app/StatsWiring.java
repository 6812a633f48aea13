package dev.jkubelet.app;

import dev.jkubelet.cgroup.PodCgroupSettings;
import dev.jkubelet.node.event.NodeEvents;
import dev.jkubelet.node.event.SystemOom;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.EngineInfo;
import dev.jkubelet.runtime.OomKills;
import dev.jkubelet.server.cadvisor.ContainerEvents;
import dev.jkubelet.stats.BuildInfo;
import dev.jkubelet.stats.CadvisorMetrics;
import dev.jkubelet.stats.KubeletCadvisorMetrics;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.Machine;
import dev.jkubelet.stats.MeasuredCgroups;
import dev.jkubelet.stats.NodeStats;
import dev.jkubelet.stats.ResourceMetrics;
import dev.jkubelet.stats.StatsStream;
import dev.jkubelet.stats.StatsSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;

/** Measures the node, and builds what tells of it. */
final class StatsWiring {
  private final String nodeName;
  private final MeasuredCgroups cgroups;
  private final NodeStats stats;
  private final ContainerEvents events;
  private final ContainerRuntime engine;
  private final Clock clock;
  private volatile CompletableFuture<String> engineVersion;

  private StatsWiring(
      String nodeName,
      MeasuredCgroups cgroups,
      NodeStats stats,
      ContainerRuntime engine,
      Clock clock) {
    this.nodeName = nodeName;
    this.cgroups = cgroups;
    this.stats = stats;
    this.events = new ContainerEvents(clock);
    this.engine = engine;
    this.clock = clock;
    this.engineVersion = askVersion();
  }

  /** Starts measuring; {@code engine} is asked about each container once. */
  static StatsWiring start(
      ActorSystem<?> system,
      KubeletOptions options,
      PodCgroupSettings settings,
      ContainerRuntime engine,
      BlockingCalls calls,
      KubeletMetrics metrics,
      Clock clock) {
    var cgroups = MeasuredCgroups.of(settings);
    var measured = new StatsStream.Measured(settings.cgroupFs(), options.node().rootDir(), cgroups);
    return new StatsWiring(
        options.node().name(),
        cgroups,
        StatsStream.start(system, measured, engine, calls, metrics, clock),
        engine,
        clock);
  }

  /** Each snapshot is a time to look for whom the kernel killed. */
  void watch(OomKills kills, NodeEvents node, ActorSystem<?> system) {
    kills.listen(events::killed);
    kills.listen(new SystemOom(node));
    stats.snapshots().runForeach(_ -> kills.read(), system);
  }

  private CompletableFuture<String> askVersion() {
    return engine.info().thenApply(EngineInfo::version).toCompletableFuture();
  }

  /** What is measured, for whoever wants to look. */
  NodeStats stats() {
    return stats;
  }

  /** What happens to containers, for who looks and for who has heard something. */
  ContainerEvents events() {
    return events;
  }

  /** Empty until the engine has told; one that did not answer is asked again. */
  String engineVersion() {
    if (engineVersion.isCompletedExceptionally()) {
      engineVersion = askVersion();
    }
    return engineVersion.exceptionally(_ -> "").getNow("");
  }

  KubeletCadvisorMetrics kubeletCadvisorMetrics(Machine machine) {
    return new KubeletCadvisorMetrics(
        stats, machine, this::engineVersion, BuildInfo.UNKNOWN, clock);
  }

  CadvisorMetrics cadvisorMetrics(Machine machine) {
    return new CadvisorMetrics(stats, machine, this::engineVersion, BuildInfo.UNKNOWN, clock);
  }

  ResourceMetrics resourceMetrics() {
    return new ResourceMetrics(stats);
  }

  StatsSummary summary() {
    return new StatsSummary(stats, nodeName, cgroups, booted(), clock.instant());
  }

  /** {@code btime} of /proc/stat; 1970 when it can't be read. */
  private static Instant booted() {
    try (var lines = Files.lines(Path.of("/proc/stat"))) {
      return lines
          .filter(line -> line.startsWith("btime "))
          .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip())))
          .findFirst()
          .orElse(Instant.EPOCH);
    } catch (IOException _) {
      return Instant.EPOCH;
    }
  }
}
