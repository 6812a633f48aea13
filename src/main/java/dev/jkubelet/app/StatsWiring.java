package dev.jkubelet.app;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.EngineInfo;
import dev.jkubelet.stats.BuildInfo;
import dev.jkubelet.stats.KubeletCadvisorMetrics;
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
  private final CompletableFuture<String> engineVersion;
  private final Clock clock;

  private StatsWiring(
      String nodeName,
      MeasuredCgroups cgroups,
      NodeStats stats,
      CompletableFuture<String> engineVersion,
      Clock clock) {
    this.nodeName = nodeName;
    this.cgroups = cgroups;
    this.stats = stats;
    this.engineVersion = engineVersion;
    this.clock = clock;
  }

  /** Starts measuring; {@code engine} is asked about each container once. */
  static StatsWiring start(
      ActorSystem<?> system,
      KubeletOptions options,
      ContainerRuntime engine,
      BlockingCalls calls,
      Clock clock) {
    var settings = PodWiring.cgroups(options, PodWiring.bounds());
    var cgroups = MeasuredCgroups.of(settings);
    var measured = new StatsStream.Measured(settings.cgroupFs(), options.node().rootDir(), cgroups);
    return new StatsWiring(
        options.node().name(),
        cgroups,
        StatsStream.start(system, measured, engine, calls, clock),
        engine.info().thenApply(EngineInfo::version).toCompletableFuture(),
        clock);
  }

  /** What is measured, for whoever wants to look. */
  NodeStats stats() {
    return stats;
  }

  /** Empty until the engine has told. */
  String engineVersion() {
    return engineVersion.isCompletedExceptionally() ? "" : engineVersion.getNow("");
  }

  KubeletCadvisorMetrics cadvisorMetrics(Machine machine) {
    return new KubeletCadvisorMetrics(
        stats, machine, this::engineVersion, BuildInfo.UNKNOWN, clock);
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
