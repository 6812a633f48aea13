package dev.jkubelet.stats;

import dev.jkubelet.cluster.CallListener;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the agent counts of itself, under the kubelet's names, for {@code /metrics} of ports 10250
 * and 10255. Safe from any thread, without locks; the number of series is bounded.
 */
public final class KubeletMetrics {
  private static final long NEVER = Long.MIN_VALUE;

  private final KubeletFamilies families = new KubeletFamilies();
  private final ApiServerMetrics apiServer = new ApiServerMetrics();
  private final ProbeMetrics probes;
  private final VolumeMetrics volumes = new VolumeMetrics();
  private final AtomicLong lastRelistMillis = new AtomicLong(NEVER);
  private final BuildInfo build;
  private final Clock clock;
  private final ProcessMetrics process;
  private volatile int lastSize;
  private volatile List<LiveGauge> live = List.of();
  private volatile List<TimeToLive> certificates = List.of();
  private volatile Supplier<NodeSnapshot> node = () -> NodeSnapshot.EMPTY;

  /** For a node of that name, with this machine's clock. */
  public KubeletMetrics(String node) {
    this(node, BuildInfo.UNKNOWN, Clock.systemUTC(), Path.of("/proc"));
  }

  /**
   * Everything given.
   *
   * @param proc {@code /proc}, for the process' own figures
   */
  public KubeletMetrics(String node, BuildInfo build, Clock clock, Path proc) {
    this.build = build;
    this.clock = clock;
    this.process = new ProcessMetrics(proc, -1);
    this.probes = new ProbeMetrics(process);
    families.nodeName.with(node).set(1.0);
  }

  /** From now on it is told how long the agent's certificates are valid; neither may block. */
  public void certificates(
      Supplier<Optional<Instant>> client, Supplier<Optional<Instant>> serving) {
    certificates =
        List.of(timeToLive("client", "TTL", client), timeToLive("server", "shortest TTL", serving));
  }

  private TimeToLive timeToLive(String of, String what, Supplier<Optional<Instant>> expiry) {
    var kind = of.equals("server") ? "serving" : of;
    return new TimeToLive(
        "kubelet_certificate_manager_" + of + "_ttl_seconds",
        "[ALPHA] Gauge of the %s (time-to-live) of the Kubelet's %s certificate. The value is in"
                .formatted(what, kind)
            + " seconds until certificate expiry (negative if already expired). If %s certificate is"
                .formatted(kind)
            + " invalid or unused, the value will be +INF.",
        expiry,
        clock);
  }

  /** From now on these are shown, too; sorted by name. */
  public void also(List<LiveGauge> gauges) {
    live = List.copyOf(gauges);
  }

  /** The node was measured once more. */
  void pass(Duration took) {
    families.passes.with().observe(took);
  }

  /** From now on the node is measured. */
  public void measured(NodeStats stats) {
    node = stats::latest;
  }

  /**
   * A call to the engine ended.
   *
   * @param type CRI's verb, {@code create_container}, as the kubelet's instrumented runtime has it
   */
  public void runtimeOperation(String type, Duration took, boolean failed) {
    families.runtimeOperations.with(type).increment();
    families.runtimeDurations.with(type).observe(took);
    if (failed) {
      families.runtimeErrors.with(type).increment();
    }
    if (type.equals(RuntimeOperation.RUN_SANDBOX)) {
      families.sandboxRuns.with("").observe(took);
      if (failed) {
        families.sandboxErrors.with("").increment();
      }
    }
  }

  /** The engine was asked for something; see {@link dev.jkubelet.runtime.EngineListener}. */
  public void engineRequest(String operation, Duration took, boolean failed) {
    families.engineRequests.with(operation).increment();
    families.engineDurations.with(operation).observe(took);
    if (failed) {
      families.engineErrors.with(operation).increment();
    }
  }

  /** So many bytes of images came over the network. */
  void pulled(long bytes) {
    families.pulledBytes.with().add(bytes);
  }

  /** A cgroup was made, changed or removed: {@code create}, {@code update}, {@code destroy}. */
  public void cgroupOperation(String type, Duration took) {
    families.cgroupOperations.with(type).observe(took);
  }

  /** Counts calls to the API server. */
  public CallListener apiServerCalls() {
    return apiServer;
  }

  /** Of the pods' probes; they have a document of their own. */
  public ProbeMetrics probes() {
    return probes;
  }

  /** Of the pods' volumes. */
  public VolumeMetrics volumes() {
    return volumes;
  }

  /** A pod is seen for the first time. */
  public void podSeen(int containers) {
    families.containersPerPod.with().observe(containers);
  }

  /** Work on a pod starts for the first time, so long after it was seen. */
  public void podWorkerStarted(Duration sinceSeen) {
    families.workerStarts.with().observe(sinceSeen);
  }

  /** A pod runs, so long after it was seen. */
  public void podStarted(Duration sinceSeen) {
    families.podStarts.with().observe(sinceSeen);
  }

  /** A pod was brought a step nearer to its spec: {@code create}, {@code update}, {@code sync}. */
  public void podWorker(String operationType, Duration took) {
    families.podSyncs.with(operationType).observe(took);
  }

  /** All containers have just been listed. */
  public void relist(Duration took) {
    long started = clock.millis() - took.toMillis();
    long before = lastRelistMillis.getAndSet(started);
    if (before != NEVER) {
      families.plegIntervals.with().observe((started - before) / 1e3);
    }
    families.plegRelists.with().observe(took);
    families.plegLastSeen.with().set((double) clock.instant().getEpochSecond());
  }

  /** What the engine has: pods with a live sandbox, and containers by state. */
  public void running(List<ContainerSummary> all) {
    var byState = new HashMap<String, Integer>();
    all.stream()
        .filter(container -> container.type() == ContainerType.CONTAINER)
        .forEach(c -> byState.merge(c.state().name().toLowerCase(Locale.ROOT), 1, Integer::sum));
    long pods =
        all.stream()
            .filter(c -> c.type() == ContainerType.SANDBOX && c.state() == ContainerState.RUNNING)
            .map(sandbox -> sandbox.pod().uid())
            .distinct()
            .count();
    running(Math.toIntExact(pods), byState);
  }

  /** As counted by the caller; a state that is not in the map any more has none. */
  public void running(int pods, Map<String, Integer> containersByState) {
    families.runningPods.with().set((double) pods);
    families.runningContainers.forEach((_, gauge) -> gauge.set(0.0));
    containersByState.forEach(
        (state, count) -> families.runningContainers.with(state).set((double) count));
  }

  /** A request came in; close what is returned when it is answered. */
  public HttpRequest httpRequest(String method, String path, boolean readOnlyPort) {
    var labels = HttpLabels.of(method, path, readOnlyPort).values();
    families.httpRequests.with(labels).increment();
    families.httpInflight.with(labels).updateAndGet(open -> open + 1);
    return new HttpRequest(labels, System.nanoTime());
  }

  /** A request that is being answered. */
  public final class HttpRequest implements AutoCloseable {
    private final String[] labels;
    private final long startNanos;

    private HttpRequest(String[] labels, long startNanos) {
      this.labels = labels;
      this.startNanos = startNanos;
    }

    @Override
    public void close() {
      families.httpInflight.with(labels).updateAndGet(open -> open - 1);
      families.httpDurations.with(labels).observe((System.nanoTime() - startNanos) / 1e9);
    }
  }

  /** Families sorted by name; reads a few files of /proc. */
  public byte[] render(MetricsFormat format) {
    var out = new Exposition(format, lastSize);
    live.forEach(gauge -> gauge.render(out));
    families.pulledBytes.render(out);
    families.passes.render(out);
    JvmMetrics.render(out);
    families.render(
        out, Stream.concat(Stream.of(new ContainerLogSizes(node)), certificates.stream()));
    build.render(out);
    process.render(out);
    Stream.concat(apiServer.all(), volumes.all()).forEach(metric -> metric.render(out));
    var text = out.bytes();
    lastSize = text.length;
    return text;
  }
}
