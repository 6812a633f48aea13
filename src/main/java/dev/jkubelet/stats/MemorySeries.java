package dev.jkubelet.stats;

import dev.jkubelet.stats.CgroupLabels.Series;
import java.util.ArrayList;
import java.util.List;

/** cAdvisor's series of memory. */
record MemorySeries(ContainerFamilies families) {
  /** Page faults, those that had to read from a disk or all. */
  private record Faults(boolean major, ContainerRecord record) {
    long count() {
      var memory = record.latest().memory();
      return major ? memory.majorPageFaults() : memory.pageFaults();
    }
  }

  void render() {
    families.gauge(
        "memory_cache", "Number of bytes of page cache memory.", r -> r.latest().memory().cache());
    families.counter(
        "memory_failcnt",
        "Number of memory usage hits limits",
        r -> r.latest().memory().failures());
    families.family(
        "container_memory_failures_total",
        ContainerFamilies.COUNTER,
        "Cumulative count of memory allocation failures.",
        faults(),
        Faults::count,
        0);
    families.gauge(
        "memory_mapped_file",
        "Size of memory mapped files in bytes.",
        r -> r.latest().memory().mappedFile());
    families.gauge(
        "memory_max_usage_bytes",
        "Maximum memory usage recorded in bytes",
        r -> r.latest().memory().maxUsage());
    families.gauge("memory_rss", "Size of RSS in bytes.", r -> r.latest().memory().rss());
    families.gauge(
        "memory_swap", "Container swap usage in bytes.", r -> r.latest().memory().swap());
    families.gauge(
        "memory_usage_bytes",
        "Current memory usage in bytes, including all memory regardless of when it was accessed",
        r -> r.latest().memory().usage());
    families.gauge(
        "memory_working_set_bytes",
        "Current working set in bytes.",
        r -> r.latest().memory().workingSet());
  }

  /** cAdvisor shows a cgroup's own faults under both scopes. */
  private List<Series<Faults>> faults() {
    var series = new ArrayList<Series<Faults>>();
    for (var group : byFirst()) {
      for (var major : List.of(false, true)) {
        for (var one : group) {
          var faults = new Faults(major, one.record());
          var type = major ? "pgmajfault" : "pgfault";
          series.add(one.around(faults, "failure_type", type, "scope", "container"));
          series.add(one.around(faults, "failure_type", type, "scope", "hierarchy"));
        }
      }
    }
    return series;
  }

  private List<List<CgroupLabels>> byFirst() {
    var groups = new ArrayList<List<CgroupLabels>>();
    for (var one : families.cgroups()) {
      if (groups.isEmpty() || !groups.getLast().getFirst().first().equals(one.first())) {
        groups.add(new ArrayList<>());
      }
      groups.getLast().add(one);
    }
    return groups;
  }
}
