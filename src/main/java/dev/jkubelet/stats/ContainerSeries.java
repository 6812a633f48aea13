package dev.jkubelet.stats;

import static dev.jkubelet.stats.ContainerFamilies.COUNTER;
import static dev.jkubelet.stats.ContainerFamilies.GAUGE;

import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import java.util.Comparator;
import java.util.List;

/** cAdvisor's series of every cgroup, for one scrape, in the order of their names. */
final class ContainerSeries {
  private static final List<String> TASK_STATES =
      List.of("iowaiting", "running", "sleeping", "stopped", "uninterruptible");

  private final ContainerFamilies families;
  private final boolean kubelet;
  private final long millis;

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
    this.families = new ContainerFamilies(naming, snapshot, out, format);
    this.kubelet = naming == ContainerLabels.KUBELET;
    this.millis = millis;
  }

  /**
   * Writes all of it. What processes hold is told by the kubelet, which adds processors up;
   * cAdvisor tells of each processor.
   */
  void render() {
    var processes = new ProcessSeries(families);
    new ProcessorSeries(families, !kubelet).render();
    if (kubelet) {
      processes.files();
    }
    filesystems();
    lastSeen();
    new MemorySeries(families).render();
    network();
    if (kubelet) {
      processes.processes();
    }
    scrapeError();
    if (kubelet) {
      processes.sockets();
    }
    new SpecSeries(families).render();
    tasks();
    if (kubelet) {
      processes.threads();
    }
  }

  private void filesystems() {
    record OfFilesystem(CgroupLabels labels, Filesystem filesystem) {}
    var series =
        families.cgroups().stream()
            .flatMap(
                one ->
                    one.record().latest().filesystems().stream()
                        .map(filesystem -> new OfFilesystem(one, filesystem)))
            .sorted(
                Comparator.comparing((OfFilesystem of) -> of.labels().first())
                    .thenComparing(of -> of.filesystem().device())
                    .thenComparing(of -> of.labels().path()))
            .map(of -> of.labels().beforeId(of.filesystem(), "device", of.filesystem().device()))
            .toList();
    for (var metric : FilesystemSeries.ALL) {
      families.family(
          "container_fs_" + metric.name(),
          metric.type(),
          metric.help(),
          series,
          metric.value(),
          metric.scale());
    }
  }

  private void lastSeen() {
    var out = families.out();
    out.family("container_last_seen", GAUGE, "Last time a container was seen by the exporter");
    for (var series : families.plain()) {
      out.ascii("container_last_seen").raw(series.labels());
      out.decimal(millis / 1000, 0).time(millis).ascii("\n");
    }
  }

  private void network() {
    var series =
        families.all(
            one ->
                one.record().latest().network().stream()
                    .sorted(Comparator.comparing(NetworkInterface::name))
                    .map(of -> one.afterImage(of, "interface", of.name())));
    for (var metric : NetworkSeries.ALL) {
      families.family(
          "container_network_" + metric.name(), COUNTER, metric.help(), series, metric.value(), 0);
    }
  }

  private void scrapeError() {
    families
        .out()
        .family(
            "container_scrape_error",
            GAUGE,
            "1 if there was an error while getting container metrics, 0 otherwise")
        .sample("container_scrape_error", 0);
  }

  /** Nobody looks at tasks one by one: netlink tells cAdvisor, which by default does not ask. */
  private void tasks() {
    families.family(
        "container_tasks_state",
        GAUGE,
        "Number of tasks in given state",
        families.all(
            one -> TASK_STATES.stream().map(state -> one.last(one.record(), "state", state))),
        _ -> 0,
        0);
  }
}
