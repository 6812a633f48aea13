package dev.jkubelet.stats;

import static dev.jkubelet.stats.ContainerFamilies.GAUGE;

import dev.jkubelet.stats.CgroupLabels.Series;
import java.util.List;
import java.util.function.ToLongFunction;

/** cAdvisor's series of what a cgroup may use, and since when it is there. */
record SpecSeries(ContainerFamilies families) {
  void render() {
    var all = families.timeless();
    spec("cpu_period", "CPU period of the container.", all, r -> r.spec().cpuPeriod());
    spec(
        "cpu_quota",
        "CPU quota of the container.",
        all.stream().filter(series -> series.of().spec().cpuQuota() > 0).toList(),
        r -> r.spec().cpuQuota());
    spec("cpu_shares", "CPU share of the container.", all, r -> r.spec().cpuShares());
    spec(
        "memory_limit_bytes",
        "Memory limit for the container.",
        all,
        r -> ContainerSpec.limited(r.spec().memoryLimit()));
    spec(
        "memory_reservation_limit_bytes",
        "Memory reservation limit for the container.",
        all,
        r -> ContainerSpec.limited(r.spec().memoryReservation()));
    spec(
        "memory_swap_limit_bytes",
        "Memory swap limit for the container.",
        all,
        r -> ContainerSpec.limited(r.spec().swapLimit()));
    families.family(
        "container_start_time_seconds",
        GAUGE,
        "Start time of the container since unix epoch in seconds.",
        all,
        r -> r.spec().created().getEpochSecond(),
        0);
  }

  private void spec(
      String name,
      String help,
      List<Series<ContainerRecord>> series,
      ToLongFunction<ContainerRecord> value) {
    families.family("container_spec_" + name, GAUGE, help, series, value, 0);
  }
}
