package dev.jkubelet.stats;

import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/** What the agent counts of itself, under the kubelet's names. Safe from any thread. */
public final class KubeletMetrics {
  /** The kubelet's default buckets, seconds. */
  private static final double[] BUCKETS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

  private final String nodeName;
  private final AtomicLongArray relists = new AtomicLongArray(BUCKETS.length + 1);
  private final DoubleAdder relistSeconds = new DoubleAdder();
  private final AtomicLong lastSeen = new AtomicLong();
  private volatile Map<ContainerState, Long> containers = Map.of();
  private volatile long pods;

  public KubeletMetrics(String nodeName) {
    this.nodeName = nodeName;
  }

  /** A list of all containers was answered. */
  public void relist(Duration took) {
    double seconds = took.toNanos() / 1e9;
    int bucket = 0;
    while (bucket < BUCKETS.length && seconds > BUCKETS[bucket]) {
      bucket++;
    }
    relists.incrementAndGet(bucket);
    relistSeconds.add(seconds);
    lastSeen.set(Instant.now().getEpochSecond());
  }

  /** What the engine has, sandboxes and containers. */
  public void running(List<ContainerSummary> all) {
    var byState = new EnumMap<ContainerState, Long>(ContainerState.class);
    all.stream()
        .filter(c -> c.type() == ContainerType.CONTAINER)
        .forEach(c -> byState.merge(c.state(), 1L, Long::sum));
    containers = Map.copyOf(byState);
    pods =
        all.stream()
            .filter(c -> c.type() == ContainerType.SANDBOX && c.state() == ContainerState.RUNNING)
            .map(c -> c.pod().uid())
            .distinct()
            .count();
  }

  /** Prometheus' text format 0.0.4. */
  public byte[] render() {
    var out = new Exposition();
    out.family("kubelet_node_name", "gauge", "[ALPHA] The node's name. The count is always 1.")
        .sample("kubelet_node_name", 1, "node", nodeName);
    relistDuration(out);
    out.family(
            "kubelet_pleg_last_seen_seconds",
            "gauge",
            "[ALPHA] Timestamp in seconds when PLEG was last seen active.")
        .sample("kubelet_pleg_last_seen_seconds", lastSeen.get());
    out.family(
        "kubelet_running_containers", "gauge", "[ALPHA] Number of containers currently running");
    containers.forEach(
        (state, count) ->
            out.sample("kubelet_running_containers", count, "container_state", name(state)));
    out.family(
            "kubelet_running_pods",
            "gauge",
            "[ALPHA] Number of pods that have a running pod sandbox")
        .sample("kubelet_running_pods", pods);
    process(out);
    return out.bytes();
  }

  private void relistDuration(Exposition out) {
    var family = "kubelet_pleg_relist_duration_seconds";
    out.family(family, "histogram", "[ALPHA] Duration in seconds for relisting pods in PLEG.");
    long total = 0;
    for (int i = 0; i < BUCKETS.length; i++) {
      total += relists.get(i);
      out.sample(
          family + "_bucket", total, "le", Double.toString(BUCKETS[i]).replaceAll("\\.0$", ""));
    }
    total += relists.get(BUCKETS.length);
    out.sample(family + "_bucket", total, "le", "+Inf");
    out.sample(family + "_sum", relistSeconds.sum()).sample(family + "_count", total);
  }

  /** The process as the kernel sees it; left out where it does not tell. */
  private static void process(Exposition out) {
    var runtime = ManagementFactory.getRuntimeMXBean();
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
      out.family(
              "process_cpu_seconds_total",
              "counter",
              "Total user and system CPU time spent in seconds.")
          .sample("process_cpu_seconds_total", unix.getProcessCpuTime() / 1e9);
      out.family("process_max_fds", "gauge", "Maximum number of open file descriptors.")
          .sample("process_max_fds", unix.getMaxFileDescriptorCount());
      out.family("process_open_fds", "gauge", "Number of open file descriptors.")
          .sample("process_open_fds", unix.getOpenFileDescriptorCount());
    }
    try {
      for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          out.family("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.")
              .sample(
                  "process_resident_memory_bytes",
                  Long.parseLong(line.replaceAll("\\D", "")) * 1024);
        }
      }
    } catch (IOException | NumberFormatException _) {
      // No /proc: the other families still tell.
    }
    out.family(
            "process_start_time_seconds",
            "gauge",
            "Start time of the process since unix epoch in seconds.")
        .sample("process_start_time_seconds", runtime.getStartTime() / 1e3);
  }

  private static String name(ContainerState state) {
    return switch (state) {
      case CREATED -> "created";
      case RUNNING -> "running";
      case EXITED -> "exited";
      case UNKNOWN -> "unknown";
    };
  }
}
