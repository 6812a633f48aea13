package dev.jkubelet.stats;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.BroadcastHub;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a snapshot each second, away from the dispatcher, for whoever looks at it. A pass that
 * takes longer than that costs ticks, and one that fails leaves the snapshot before. The disks are
 * looked at beside that, in rounds of their own.
 */
public final class StatsStream implements NodeStats {
  private static final Logger log = LoggerFactory.getLogger(StatsStream.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration DISK_TICK = Duration.ofSeconds(10);
  private static final Duration DISK_LIMIT = Duration.ofHours(1);

  private final Callable<NodeSnapshot> pass;
  private final BlockingCalls calls;
  private final Source<NodeSnapshot, NotUsed> hub;
  private volatile NodeSnapshot latest = NodeSnapshot.EMPTY;

  private StatsStream(
      ActorSystem<?> system,
      Callable<NodeSnapshot> pass,
      BlockingCalls calls,
      KubeletMetrics metrics) {
    this.pass = () -> timed(pass, metrics);
    this.calls = calls;
    this.hub =
        Source.tick(Duration.ZERO, TICK, Done.getInstance())
            .mapAsync(1, _ -> take())
            .toMat(BroadcastHub.of(NodeSnapshot.class, 2), Keep.right())
            .run(system);
    // Without anybody else the hub would stop asking for more.
    var _ = hub.runWith(Sink.ignore(), system);
  }

  /**
   * What is measured.
   *
   * @param cgroupFs {@code /sys/fs/cgroup}
   * @param rootDir {@code --root-dir}
   */
  public record Measured(Path cgroupFs, Path rootDir, MeasuredCgroups cgroups) {}

  /**
   * Starts at once, and goes on until the system ends.
   *
   * @param engine asked once about each container, and now and then about its images
   * @param metrics are told how long it takes
   */
  public static StatsStream start(
      ActorSystem<?> system,
      Measured measured,
      ContainerRuntime engine,
      BlockingCalls calls,
      KubeletMetrics metrics,
      InstantSource clock) {
    var containers = new RuntimeContainers(engine, clock);
    var disks =
        new DiskWalker(
            measured.rootDir(),
            new HostFiles(Path.of("/")),
            DiskSpace::of,
            containers,
            new EngineImages(engine, clock),
            clock);
    var sampler =
        new Sampler(
            new Sampler.Places(measured.cgroupFs(), Path.of("/proc")),
            measured.cgroups(),
            containers,
            disks::latest,
            clock);
    var _ =
        Source.tick(Duration.ZERO, DISK_TICK, Done.getInstance())
            .mapAsync(1, _ -> round(disks, calls))
            .runWith(Sink.ignore(), system);
    return start(system, sampler::pass, calls, metrics);
  }

  static StatsStream start(
      ActorSystem<?> system,
      Callable<NodeSnapshot> pass,
      BlockingCalls calls,
      KubeletMetrics metrics) {
    return new StatsStream(system, pass, calls, metrics);
  }

  private static NodeSnapshot timed(Callable<NodeSnapshot> pass, KubeletMetrics metrics)
      throws Exception {
    long began = System.nanoTime();
    var snapshot = pass.call();
    metrics.pass(Duration.ofNanos(System.nanoTime() - began));
    return snapshot;
  }

  private static CompletionStage<Done> round(DiskWalker disks, BlockingCalls calls) {
    return calls
        .call("disk usage", DISK_LIMIT, disks::round)
        .handle(
            (_, failure) -> {
              if (failure != null) {
                log.warn("the disks could not be looked at: {}", failure.toString());
              }
              return Done.getInstance();
            });
  }

  private CompletionStage<NodeSnapshot> take() {
    return calls
        .call("stats", LIMIT, pass)
        .handle(
            (snapshot, failure) -> {
              if (failure == null) {
                latest = snapshot;
              } else {
                log.warn("the machine could not be measured: {}", failure.toString());
              }
              return latest;
            });
  }

  @Override
  public NodeSnapshot latest() {
    return latest;
  }

  @Override
  public Source<NodeSnapshot, NotUsed> snapshots() {
    return Source.lazySource(() -> Source.single(latest))
        .mapMaterializedValue(_ -> NotUsed.getInstance())
        .concat(hub)
        .conflate((_, newer) -> newer);
  }
}
