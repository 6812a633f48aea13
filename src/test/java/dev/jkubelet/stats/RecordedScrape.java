package dev.jkubelet.stats;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.ContainerSample.Cpu;
import dev.jkubelet.stats.ContainerSample.DeviceIo;
import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.ContainerSample.Memory;
import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import dev.jkubelet.stats.ContainerSample.Processes;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What the real kubelet told of its containers, put back into what it must have measured. */
final class RecordedScrape {
  private static final Pattern LINE = Pattern.compile("(\\w+)\\{(.*)} (\\S+)(?: ([0-9]+))?");
  private static final String ENGINE_LABEL = "container_label_";
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Map<String, Map<String, String>> labelsById = new TreeMap<>();
  private final Map<String, Long> millisById = new HashMap<>();
  private final Map<String, BigDecimal> values = new HashMap<>();
  private final Map<String, TreeSet<String>> devices = new HashMap<>();
  private final Map<String, TreeSet<String>> interfaces = new HashMap<>();
  private final Map<String, Integer> cores = new HashMap<>();

  RecordedScrape(String text) {
    text.lines().forEach(this::line);
  }

  private void line(String line) {
    var match = LINE.matcher(line);
    if (!match.matches()) {
      return;
    }
    var labels = new HashMap<String, String>();
    LABEL
        .matcher(match.group(2))
        .results()
        .forEach(m -> labels.put(m.group(1), m.group(2).translateEscapes()));
    var id = labels.get("id");
    if (id == null) {
      return;
    }
    labelsById.putIfAbsent(id, labels);
    var detail =
        labels.getOrDefault(
            "device",
            labels.getOrDefault(
                "interface", labels.getOrDefault("failure_type", labels.getOrDefault("cpu", ""))));
    values.put(key(match.group(1), id, detail), new BigDecimal(match.group(3)));
    if (labels.containsKey("device")) {
      devices.computeIfAbsent(id, _ -> new TreeSet<>()).add(detail);
    }
    if (detail.matches("cpu[0-9]+")) {
      cores.merge(id, 1, Integer::sum);
    }
    if (labels.containsKey("interface")) {
      interfaces.computeIfAbsent(id, _ -> new TreeSet<>()).add(detail);
    }
    if (match.group(1).equals("container_memory_rss")) {
      millisById.put(id, Long.parseLong(match.group(4)));
    }
  }

  private static String key(String name, String id, String detail) {
    return name + "|" + id + "|" + detail;
  }

  NodeSnapshot snapshot() {
    var records = new TreeMap<String, ContainerRecord>();
    labelsById.keySet().forEach(id -> records.put(id, record(id)));
    return new NodeSnapshot(
        Instant.EPOCH,
        records,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        new NodeSnapshot.Processes(0, 0));
  }

  private ContainerRecord record(String id) {
    var labels = labelsById.get(id);
    var name = labels.get("name");
    var container =
        name.isEmpty()
            ? Optional.<ContainerRecord.Container>empty()
            : Optional.of(
                new ContainerRecord.Container(
                    id.substring(id.lastIndexOf('/') + 1),
                    labels.getOrDefault("container", ""),
                    name,
                    0));
    var pod =
        Optional.of(
                new PodKey(
                    labels.getOrDefault("namespace", ""), labels.getOrDefault("pod", ""), "uid"))
            .filter(key -> !key.name().isEmpty());
    var sample = sample(id);
    var history = new SampleHistory();
    history.add(sample);
    return new ContainerRecord(
        id,
        container.isPresent() ? Kind.CONTAINER : pod.isPresent() ? Kind.POD : Kind.GROUP,
        pod,
        container,
        new ContainerSpec(
            Instant.ofEpochSecond(whole("container_start_time_seconds", id, "")),
            true,
            whole("container_spec_cpu_shares", id, ""),
            whole("container_spec_cpu_quota", id, ""),
            whole("container_spec_cpu_period", id, ""),
            "0-1",
            true,
            whole("container_spec_memory_limit_bytes", id, ""),
            ContainerSpec.NO_LIMIT,
            whole("container_spec_memory_swap_limit_bytes", id, ""),
            engineLabels(labels),
            labels.get("image")),
        sample,
        history);
  }

  /** Their names as Prometheus has them: they stay so. */
  private static Map<String, String> engineLabels(Map<String, String> labels) {
    var engine = new HashMap<String, String>();
    labels.forEach(
        (name, value) -> {
          if (name.startsWith(ENGINE_LABEL)) {
            engine.put(name.substring(ENGINE_LABEL.length()), value);
          }
        });
    return engine;
  }

  /** What the kubelet adds up, cAdvisor tells of each. */
  private LongValues perCore(String id) {
    return LongValues.of(
        IntStream.range(0, cores.getOrDefault(id, 0))
            .mapToLong(
                core -> nanos("container_cpu_usage_seconds_total", id, "cpu%02d".formatted(core)))
            .toArray());
  }

  private ContainerSample sample(String id) {
    return new ContainerSample(
        millisById.get(id) * 1_000_000,
        new Cpu(
            nanos("container_cpu_usage_seconds_total", id, "total"),
            nanos("container_cpu_user_seconds_total", id, ""),
            nanos("container_cpu_system_seconds_total", id, ""),
            perCore(id),
            whole("container_cpu_cfs_periods_total", id, ""),
            whole("container_cpu_cfs_throttled_periods_total", id, ""),
            nanos("container_cpu_cfs_throttled_seconds_total", id, "")),
        new Memory(
            whole("container_memory_usage_bytes", id, ""),
            whole("container_memory_max_usage_bytes", id, ""),
            whole("container_memory_cache", id, ""),
            whole("container_memory_rss", id, ""),
            whole("container_memory_swap", id, ""),
            whole("container_memory_mapped_file", id, ""),
            whole("container_memory_working_set_bytes", id, ""),
            whole("container_memory_failcnt", id, ""),
            whole("container_memory_failures_total", id, "pgfault"),
            whole("container_memory_failures_total", id, "pgmajfault")),
        interfaces.getOrDefault(id, new TreeSet<>()).stream()
            .map(name -> network(id, name))
            .toList(),
        List.of(),
        devices.getOrDefault(id, new TreeSet<>()).stream()
            .map(device -> filesystem(id, device))
            .toList(),
        new Processes(
            whole("container_processes", id, ""),
            whole("container_threads", id, ""),
            whole("container_threads_max", id, ""),
            whole("container_file_descriptors", id, ""),
            whole("container_sockets", id, ""),
            whole("container_ulimits_soft", id, "")));
  }

  private NetworkInterface network(String id, String name) {
    return new NetworkInterface(
        name,
        whole("container_network_receive_bytes_total", id, name),
        whole("container_network_receive_packets_total", id, name),
        whole("container_network_receive_errors_total", id, name),
        whole("container_network_receive_packets_dropped_total", id, name),
        whole("container_network_transmit_bytes_total", id, name),
        whole("container_network_transmit_packets_total", id, name),
        whole("container_network_transmit_errors_total", id, name),
        whole("container_network_transmit_packets_dropped_total", id, name));
  }

  private Filesystem filesystem(String id, String device) {
    return new Filesystem(
        device,
        "vfs",
        whole("container_fs_limit_bytes", id, device),
        whole("container_fs_usage_bytes", id, device),
        0,
        0,
        whole("container_fs_inodes_total", id, device),
        whole("container_fs_inodes_free", id, device),
        0,
        new DeviceIo(
            whole("container_fs_reads_total", id, device),
            whole("container_fs_reads_merged_total", id, device),
            whole("container_fs_sector_reads_total", id, device),
            nanos("container_fs_read_seconds_total", id, device),
            whole("container_fs_writes_total", id, device),
            whole("container_fs_writes_merged_total", id, device),
            whole("container_fs_sector_writes_total", id, device),
            nanos("container_fs_write_seconds_total", id, device),
            whole("container_fs_io_current", id, device),
            nanos("container_fs_io_time_seconds_total", id, device),
            nanos("container_fs_io_time_weighted_seconds_total", id, device)));
  }

  private long whole(String name, String id, String detail) {
    return value(name, id, detail).longValueExact();
  }

  private long nanos(String name, String id, String detail) {
    return value(name, id, detail).movePointRight(9).longValueExact();
  }

  private BigDecimal value(String name, String id, String detail) {
    return values.getOrDefault(key(name, id, detail), BigDecimal.ZERO);
  }
}
