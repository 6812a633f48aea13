package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * cAdvisor's series of every cgroup, for one scrape, in the order in which Go's client library
 * writes them. Each series' labels are put into bytes once, its numbers straight into the answer.
 */
final class ContainerSeries {
  private static final int NANOS = 9;
  private static final String COUNTER = "counter";
  private static final String GAUGE = "gauge";
  private static final List<String> TASK_STATES =
      List.of("iowaiting", "running", "sleeping", "stopped", "uninterruptible");

  /** What is told of something: labels with their braces, and the timestamp with the newline. */
  private static final class Series<T> {
    private final byte[] labels;
    private final byte[] end;
    private final T of;

    Series(byte[] labels, byte[] end, T of) {
      this.labels = labels;
      this.end = end;
      this.of = of;
    }
  }

  /** One cgroup's labels: those of a single series stand between them, sorted by name. */
  private static final class Labels {
    private static final byte[] NO_TIME = {'\n'};

    private final ContainerRecord record;
    private final String first;
    private final byte[] begin;
    private final byte[] image;
    private final byte[] rest;
    private final byte[] end;
    private final Exposition scratch;

    Labels(ContainerLabels naming, ContainerRecord record, Exposition scratch) {
      this.record = record;
      this.first = naming.first(record);
      this.scratch = scratch;
      naming.begin(scratch.ascii("{"), record);
      this.begin = scratch.take();
      this.image =
          scratch
              .ascii("id=")
              .quoted(record.path())
              .ascii(",image=")
              .quoted(record.spec().image())
              .ascii(",")
              .take();
      scratch
          .ascii("name=")
          .quoted(record.container().map(ContainerRecord.Container::dockerName).orElse(""));
      naming.end(scratch, record);
      this.rest = scratch.take();
      this.end = scratch.time(record.latest().millis()).ascii("\n").take();
    }

    String path() {
      return record.path();
    }

    String first() {
      return first;
    }

    /**
     * Before {@code id}, and after {@code image}, with a comma behind; at last, with one before.
     */
    <T> Series<T> series(T of, String beforeId, String afterImage, String last) {
      return new Series<>(labels(beforeId, afterImage, last), end, of);
    }

    Series<ContainerRecord> timeless() {
      return new Series<>(labels("", "", ""), NO_TIME, record);
    }

    private byte[] labels(String beforeId, String afterImage, String last) {
      return scratch
          .raw(begin)
          .ascii(beforeId)
          .raw(image)
          .ascii(afterImage)
          .raw(rest)
          .ascii(last)
          .ascii("} ")
          .take();
    }
  }

  /** Devices and interfaces have no characters to escape but these. */
  private static String label(String name, String value) {
    return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private final ContainerLabels naming;
  private final Exposition out;
  private final long millis;
  private final List<Labels> labels;
  private final List<Series<ContainerRecord>> plain;
  private final List<Series<ContainerRecord>> timeless;

  /**
   * Of all that is measured.
   *
   * @param millis when it is asked for, in milliseconds since 1970
   * @param format {@code out}'s
   */
  ContainerSeries(
      ContainerLabels naming,
      NodeSnapshot snapshot,
      long millis,
      Exposition out,
      MetricsFormat format) {
    this.naming = naming;
    this.out = out;
    this.millis = millis;
    var scratch = new Exposition(format);
    labels =
        snapshot.containers().values().stream()
            .map(record -> new Labels(naming, record, scratch))
            .sorted(Comparator.comparing(Labels::first).thenComparing(Labels::path))
            .toList();
    plain = all(one -> Stream.of(one.series(one.record, "", "", "")));
    timeless = all(one -> Stream.of(one.timeless()));
  }

  private <T> List<Series<T>> all(Function<Labels, Stream<Series<T>>> of) {
    return labels.stream().flatMap(of).toList();
  }

  /**
   * Writes all of it. What processes hold is told by the kubelet; cAdvisor does by request only.
   */
  void render() {
    boolean processes = naming == ContainerLabels.KUBELET;
    cpu();
    if (processes) {
      gauge(
          "file_descriptors",
          "Number of open file descriptors for the container.",
          r -> r.latest().processes().files());
    }
    filesystems();
    lastSeen();
    memory();
    network();
    if (processes) {
      gauge(
          "processes",
          "Number of processes running inside the container.",
          r -> r.latest().processes().processes());
    }
    out.family(
            "container_scrape_error",
            GAUGE,
            "1 if there was an error while getting container metrics, 0 otherwise")
        .sample("container_scrape_error", 0);
    if (processes) {
      gauge(
          "sockets",
          "Number of open sockets for the container.",
          r -> r.latest().processes().sockets());
    }
    spec();
    tasks();
    if (processes) {
      threads();
    }
  }

  private <T> void family(
      String name,
      String type,
      String help,
      List<Series<T>> series,
      ToLongFunction<T> value,
      int scale) {
    if (series.isEmpty()) {
      return;
    }
    out.family(name, type, help);
    var bytes = name.getBytes(StandardCharsets.US_ASCII);
    for (var one : series) {
      out.raw(bytes).raw(one.labels).decimal(value.applyAsLong(one.of), scale).raw(one.end);
    }
  }

  private void counter(String name, String help, ToLongFunction<ContainerRecord> value) {
    family("container_" + name, COUNTER, help, plain, value, 0);
  }

  private void gauge(String name, String help, ToLongFunction<ContainerRecord> value) {
    family("container_" + name, GAUGE, help, plain, value, 0);
  }

  private void cpu() {
    var limited = plain.stream().filter(series -> series.of.spec().cpuQuota() > 0).toList();
    family(
        "container_cpu_cfs_periods_total",
        COUNTER,
        "Number of elapsed enforcement period intervals.",
        limited,
        r -> r.latest().cpu().periods(),
        0);
    family(
        "container_cpu_cfs_throttled_periods_total",
        COUNTER,
        "Number of throttled period intervals.",
        limited,
        r -> r.latest().cpu().throttledPeriods(),
        0);
    family(
        "container_cpu_cfs_throttled_seconds_total",
        COUNTER,
        "Total time duration the container has been throttled.",
        limited,
        r -> r.latest().cpu().throttled(),
        NANOS);
    gauge(
        "cpu_load_average_10s",
        "Value of container cpu load average over the last 10 seconds.",
        _ -> 0);
    family(
        "container_cpu_system_seconds_total",
        COUNTER,
        "Cumulative system cpu time consumed in seconds.",
        plain,
        r -> r.latest().cpu().system(),
        NANOS);
    family(
        "container_cpu_usage_seconds_total",
        COUNTER,
        "Cumulative cpu time consumed in seconds.",
        all(this::used),
        Used::nanos,
        NANOS);
    family(
        "container_cpu_user_seconds_total",
        COUNTER,
        "Cumulative user cpu time consumed in seconds.",
        plain,
        r -> r.latest().cpu().user(),
        NANOS);
  }

  /** Processor time, of one processor or of all. */
  private record Used(long nanos) {}

  /** The kubelet adds processors up; cAdvisor tells of each, where the kernel does. */
  private Stream<Series<Used>> used(Labels one) {
    var cpu = one.record.latest().cpu();
    if (naming == ContainerLabels.KUBELET || cpu.perCore().size() == 0) {
      return Stream.of(one.series(new Used(cpu.total()), label("cpu", "total") + ",", "", ""));
    }
    return IntStream.range(0, cpu.perCore().size())
        .mapToObj(
            core ->
                one.series(
                    new Used(cpu.perCore().get(core)),
                    label("cpu", "cpu%02d".formatted(core)) + ",",
                    "",
                    ""));
  }

  private void filesystems() {
    record OfFilesystem(Labels labels, Filesystem filesystem) {}
    var series =
        labels.stream()
            .flatMap(
                one ->
                    one.record.latest().filesystems().stream()
                        .map(filesystem -> new OfFilesystem(one, filesystem)))
            .sorted(
                Comparator.comparing((OfFilesystem of) -> of.labels().first())
                    .thenComparing(of -> of.filesystem().device())
                    .thenComparing(of -> of.labels().path()))
            .map(
                of ->
                    of.labels()
                        .series(
                            of.filesystem(),
                            label("device", of.filesystem().device()) + ",",
                            "",
                            ""))
            .toList();
    for (var metric : FilesystemSeries.ALL) {
      family(
          "container_fs_" + metric.name(),
          metric.type(),
          metric.help(),
          series,
          metric.value(),
          metric.scale());
    }
  }

  private void lastSeen() {
    out.family("container_last_seen", GAUGE, "Last time a container was seen by the exporter");
    for (var series : plain) {
      out.ascii("container_last_seen").raw(series.labels);
      out.decimal(millis / 1000, 0).time(millis).ascii("\n");
    }
  }

  private void memory() {
    gauge(
        "memory_cache", "Number of bytes of page cache memory.", r -> r.latest().memory().cache());
    counter(
        "memory_failcnt",
        "Number of memory usage hits limits",
        r -> r.latest().memory().failures());
    memoryFailures();
    gauge(
        "memory_mapped_file",
        "Size of memory mapped files in bytes.",
        r -> r.latest().memory().mappedFile());
    gauge(
        "memory_max_usage_bytes",
        "Maximum memory usage recorded in bytes",
        r -> r.latest().memory().maxUsage());
    gauge("memory_rss", "Size of RSS in bytes.", r -> r.latest().memory().rss());
    gauge("memory_swap", "Container swap usage in bytes.", r -> r.latest().memory().swap());
    gauge(
        "memory_usage_bytes",
        "Current memory usage in bytes, including all memory regardless of when it was accessed",
        r -> r.latest().memory().usage());
    gauge(
        "memory_working_set_bytes",
        "Current working set in bytes.",
        r -> r.latest().memory().workingSet());
  }

  /** cAdvisor shows a cgroup's own faults under both scopes. */
  private void memoryFailures() {
    record Faults(boolean major, ContainerRecord record) {
      long count() {
        var memory = record.latest().memory();
        return major ? memory.majorPageFaults() : memory.pageFaults();
      }
    }
    var series = new ArrayList<Series<Faults>>();
    var byFirst = new ArrayList<List<Labels>>();
    for (var one : labels) {
      if (byFirst.isEmpty() || !byFirst.getLast().getFirst().first().equals(one.first())) {
        byFirst.add(new ArrayList<>());
      }
      byFirst.getLast().add(one);
    }
    for (var group : byFirst) {
      for (var major : List.of(false, true)) {
        for (var one : group) {
          var faults = new Faults(major, one.record);
          var type = label("failure_type", major ? "pgmajfault" : "pgfault") + ",";
          series.add(one.series(faults, type, "", "," + label("scope", "container")));
          series.add(one.series(faults, type, "", "," + label("scope", "hierarchy")));
        }
      }
    }
    family(
        "container_memory_failures_total",
        COUNTER,
        "Cumulative count of memory allocation failures.",
        series,
        Faults::count,
        0);
  }

  private void network() {
    var series =
        all(
            one ->
                one.record.latest().network().stream()
                    .sorted(Comparator.comparing(NetworkInterface::name))
                    .map(of -> one.series(of, "", label("interface", of.name()) + ",", "")));
    for (var metric : NetworkSeries.ALL) {
      family(
          "container_network_" + metric.name(), COUNTER, metric.help(), series, metric.value(), 0);
    }
  }

  private void spec() {
    spec("cpu_period", "CPU period of the container.", timeless, r -> r.spec().cpuPeriod());
    spec(
        "cpu_quota",
        "CPU quota of the container.",
        timeless.stream().filter(series -> series.of.spec().cpuQuota() > 0).toList(),
        r -> r.spec().cpuQuota());
    spec("cpu_shares", "CPU share of the container.", timeless, r -> r.spec().cpuShares());
    spec(
        "memory_limit_bytes",
        "Memory limit for the container.",
        timeless,
        r -> ContainerSpec.limited(r.spec().memoryLimit()));
    spec(
        "memory_reservation_limit_bytes",
        "Memory reservation limit for the container.",
        timeless,
        r -> ContainerSpec.limited(r.spec().memoryReservation()));
    spec(
        "memory_swap_limit_bytes",
        "Memory swap limit for the container.",
        timeless,
        r -> ContainerSpec.limited(r.spec().swapLimit()));
    family(
        "container_start_time_seconds",
        GAUGE,
        "Start time of the container since unix epoch in seconds.",
        timeless,
        r -> r.spec().created().getEpochSecond(),
        0);
  }

  private void spec(
      String name,
      String help,
      List<Series<ContainerRecord>> series,
      ToLongFunction<ContainerRecord> value) {
    family("container_spec_" + name, GAUGE, help, series, value, 0);
  }

  private void tasks() {
    family(
        "container_tasks_state",
        GAUGE,
        "Number of tasks in given state",
        all(
            one ->
                TASK_STATES.stream()
                    .map(state -> one.series(one.record, "", "", "," + label("state", state)))),
        _ -> 0,
        0);
  }

  private void threads() {
    gauge(
        "threads",
        "Number of threads running inside the container",
        r -> r.latest().processes().threads());
    gauge(
        "threads_max",
        "Maximum number of threads allowed inside the container, infinity if value is zero",
        r -> r.latest().processes().threadsMax());
    family(
        "container_ulimits_soft",
        GAUGE,
        "Soft ulimit values for the container root process. Unlimited if -1, except priority and"
            + " nice",
        all(
            one ->
                Stream.of(one.series(one.record, "", "", "," + label("ulimit", "max_open_files")))
                    .filter(_ -> one.record.latest().processes().maxOpenFiles() != 0)),
        r -> r.latest().processes().maxOpenFiles(),
        0);
  }
}
