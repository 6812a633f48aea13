package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerRecord.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/** {@code /metrics/resource}: what metrics-server asks for, of the node, its pods, containers. */
public final class ResourceMetrics {
  private static final int NANOS = 9;

  private final NodeStats stats;

  public ResourceMetrics(NodeStats stats) {
    this.stats = stats;
  }

  /** All of it, as it is now. */
  public byte[] render(MetricsFormat format) {
    var snapshot = stats.latest();
    var containers = sorted(snapshot, Kind.CONTAINER);
    var pods = sorted(snapshot, Kind.POD);
    var node = snapshot.machine().stream().toList();
    var out = new Exposition(format);
    cpu(out, "container", "container", containers);
    memory(out, "container", "container", containers);
    cpu(out, "node", "node", node);
    memory(out, "node", "node", node);
    cpu(out, "pod", "pod", pods);
    memory(out, "pod", "pod", pods);
    out.family(
            "scrape_error",
            "gauge",
            "[ALPHA] 1 if there was an error while getting container metrics, 0 otherwise")
        .sample("scrape_error", node.isEmpty() ? 1 : 0);
    return out.bytes();
  }

  /** By container, namespace, pod; pods whose name nobody told yet are left out. */
  private static List<ContainerRecord> sorted(NodeSnapshot snapshot, Kind kind) {
    return snapshot.containers().values().stream()
        .filter(record -> record.kind() == kind && record.pod().isPresent())
        .sorted(
            Comparator.comparing(ResourceMetrics::container)
                .thenComparing(record -> record.pod().orElseThrow().namespace())
                .thenComparing(record -> record.pod().orElseThrow().name()))
        .toList();
  }

  private static String container(ContainerRecord record) {
    return record.container().map(ContainerRecord.Container::name).orElse("");
  }

  private static void cpu(
      Exposition out, String prefix, String what, List<ContainerRecord> records) {
    family(
        out,
        prefix + "_cpu_usage_seconds_total",
        "counter",
        "[ALPHA] Cumulative cpu time consumed by the " + what + " in core-seconds",
        records,
        record -> record.latest().cpu().total(),
        NANOS);
  }

  private static void memory(
      Exposition out, String prefix, String what, List<ContainerRecord> records) {
    family(
        out,
        prefix + "_memory_working_set_bytes",
        "gauge",
        "[ALPHA] Current working set of the " + what + " in bytes",
        records,
        record -> record.latest().memory().workingSet(),
        0);
  }

  private static void family(
      Exposition out,
      String name,
      String type,
      String help,
      List<ContainerRecord> records,
      ToLongFunction<ContainerRecord> value,
      int scale) {
    if (records.isEmpty()) {
      return;
    }
    out.family(name, type, help);
    for (var record : records) {
      out.ascii(name);
      record
          .pod()
          .ifPresent(
              pod -> {
                out.ascii("{");
                record
                    .container()
                    .ifPresent(c -> out.ascii("container=").quoted(c.name()).ascii(","));
                out.ascii("namespace=").quoted(pod.namespace());
                out.ascii(",pod=").quoted(pod.name()).ascii("}");
              });
      out.ascii(" ")
          .decimal(value.applyAsLong(record), scale)
          .time(record.latest().millis())
          .ascii("\n");
    }
  }
}
