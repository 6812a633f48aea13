package dev.jkubelet.stats;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * {@code /metrics/cadvisor} of the kubelet's ports: cAdvisor's series of every cgroup under the
 * kubelet's labels, in the order in which Go's client library writes them. Each series' labels are
 * put into bytes once per scrape, its numbers straight into the answer.
 */
public final class KubeletCadvisorMetrics {
  private static final int NANOS = 9;
  private static final String COUNTER = "counter";
  private static final String GAUGE = "gauge";
  private static final List<String> TASK_STATES =
      List.of("iowaiting", "running", "sleeping", "stopped", "uninterruptible");

  private final NodeStats stats;
  private final MachineSeries machine;
  private final InstantSource clock;

  /** Of the last answer: the next will be like it. */
  private volatile int size;

  /** {@code dockerVersion} is asked at each scrape and must not block; empty while unknown. */
  public KubeletCadvisorMetrics(
      NodeStats stats,
      Machine machine,
      Supplier<String> dockerVersion,
      BuildInfo build,
      InstantSource clock) {
    this(
        stats,
        new MachineSeries(machine, dockerVersion, build, new HostFiles(Path.of("/")), false),
        clock);
  }

  KubeletCadvisorMetrics(NodeStats stats, MachineSeries machine, InstantSource clock) {
    this.stats = stats;
    this.machine = machine;
    this.clock = clock;
  }

  /** Prometheus' text format 0.0.4. */
  public byte[] render() {
    var answer = new Scrape(stats.latest(), clock.millis(), size).render(machine);
    size = answer.length;
    return answer;
  }

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

  /** One cgroup's labels: {@code device} and such stand between the first and the id. */
  private static final class Labels {
    private static final byte[] NO_TIME = {'\n'};

    private final ContainerRecord record;
    private final String container;
    private final byte[] end;
    private final Exposition scratch;

    Labels(ContainerRecord record, Exposition scratch) {
      this.record = record;
      this.container = record.container().map(ContainerRecord.Container::name).orElse("");
      this.end = bytes(" " + record.latest().millis() + "\n");
      this.scratch = scratch;
    }

    String path() {
      return record.path();
    }

    String container() {
      return container;
    }

    <T> Series<T> series(T of, String afterContainer, String afterImage, String last) {
      return new Series<>(labels(afterContainer, afterImage, last), end, of);
    }

    Series<ContainerRecord> timeless() {
      return new Series<>(labels("", "", ""), NO_TIME, record);
    }

    private byte[] labels(String afterContainer, String afterImage, String last) {
      var pod = record.pod();
      return scratch
          .ascii("{container=")
          .quoted(container)
          .ascii(afterContainer)
          .ascii(",id=")
          .quoted(record.path())
          .ascii(",image=")
          .quoted(record.spec().image())
          .ascii(afterImage)
          .ascii(",name=")
          .quoted(record.container().map(ContainerRecord.Container::dockerName).orElse(""))
          .ascii(",namespace=")
          .quoted(pod.map(PodKey::namespace).orElse(""))
          .ascii(",pod=")
          .quoted(pod.map(PodKey::name).orElse(""))
          .ascii(last)
          .ascii("} ")
          .take();
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  /** A label in between; devices and interfaces have no characters to escape. */
  private static String label(String name, String value) {
    return "," + name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** One answer. */
  private static final class Scrape {
    private final Exposition out;
    private final long millis;
    private final List<Labels> labels;
    private final List<Series<ContainerRecord>> plain;
    private final List<Series<ContainerRecord>> timeless;

    Scrape(NodeSnapshot snapshot, long millis, int expected) {
      this.out = new Exposition(expected);
      this.millis = millis;
      var scratch = new Exposition();
      labels =
          snapshot.containers().values().stream()
              .map(record -> new Labels(record, scratch))
              .sorted(Comparator.comparing(Labels::container).thenComparing(Labels::path))
              .toList();
      plain = all(one -> Stream.of(one.series(one.record, "", "", "")));
      timeless = all(one -> Stream.of(one.timeless()));
    }

    private <T> List<Series<T>> all(Function<Labels, Stream<Series<T>>> of) {
      return labels.stream().flatMap(of).toList();
    }

    byte[] render(MachineSeries machine) {
      machine.version(out);
      cpu();
      filesystems();
      lastSeen();
      memory();
      network();
      processes();
      spec();
      tasks();
      machine.machine(out);
      return out.bytes();
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
      var bytes = Labels.bytes(name);
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
          all(one -> Stream.of(one.series(one.record, ",cpu=\"total\"", "", ""))),
          r -> r.latest().cpu().total(),
          NANOS);
      family(
          "container_cpu_user_seconds_total",
          COUNTER,
          "Cumulative user cpu time consumed in seconds.",
          plain,
          r -> r.latest().cpu().user(),
          NANOS);
    }

    private void filesystems() {
      gauge(
          "file_descriptors",
          "Number of open file descriptors for the container.",
          r -> r.latest().processes().files());
      record OfFilesystem(Labels labels, Filesystem filesystem) {}
      var series =
          labels.stream()
              .flatMap(
                  one ->
                      one.record.latest().filesystems().stream()
                          .map(filesystem -> new OfFilesystem(one, filesystem)))
              .sorted(
                  Comparator.comparing((OfFilesystem of) -> of.labels().container())
                      .thenComparing(of -> of.filesystem().device())
                      .thenComparing(of -> of.labels().path()))
              .map(
                  of ->
                      of.labels()
                          .series(
                              of.filesystem(), label("device", of.filesystem().device()), "", ""))
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
      var name = Labels.bytes("container_last_seen");
      var now = Labels.bytes(" " + millis + "\n");
      plain.forEach(series -> out.raw(name).raw(series.labels).decimal(millis / 1000, 0).raw(now));
    }

    private void memory() {
      gauge(
          "memory_cache",
          "Number of bytes of page cache memory.",
          r -> r.latest().memory().cache());
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
      var byContainer = new ArrayList<List<Labels>>();
      for (var one : labels) {
        if (byContainer.isEmpty()
            || !byContainer.getLast().getFirst().container().equals(one.container())) {
          byContainer.add(new ArrayList<>());
        }
        byContainer.getLast().add(one);
      }
      for (var group : byContainer) {
        for (var major : List.of(false, true)) {
          for (var one : group) {
            var faults = new Faults(major, one.record);
            var type = label("failure_type", major ? "pgmajfault" : "pgfault");
            series.add(one.series(faults, type, "", label("scope", "container")));
            series.add(one.series(faults, type, "", label("scope", "hierarchy")));
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
                      .map(of -> one.series(of, "", label("interface", of.name()), "")));
      for (var metric : NetworkSeries.ALL) {
        family(
            "container_network_" + metric.name(),
            COUNTER,
            metric.help(),
            series,
            metric.value(),
            0);
      }
    }

    private void processes() {
      gauge(
          "processes",
          "Number of processes running inside the container.",
          r -> r.latest().processes().processes());
      out.family(
              "container_scrape_error",
              GAUGE,
              "1 if there was an error while getting container metrics, 0 otherwise")
          .sample("container_scrape_error", 0);
      gauge(
          "sockets",
          "Number of open sockets for the container.",
          r -> r.latest().processes().sockets());
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
                      .map(state -> one.series(one.record, "", "", label("state", state)))),
          _ -> 0,
          0);
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
                  Stream.of(one.series(one.record, "", "", label("ulimit", "max_open_files")))
                      .filter(_ -> one.record.latest().processes().maxOpenFiles() != 0)),
          r -> r.latest().processes().maxOpenFiles(),
          0);
    }
  }
}
