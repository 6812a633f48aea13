package dev.jkubelet.stats;

import static dev.jkubelet.stats.ContainerFamilies.COUNTER;

import dev.jkubelet.stats.CgroupLabels.Series;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** cAdvisor's series of processor time; {@code perCore} where the kernel tells of each. */
record ProcessorSeries(ContainerFamilies families, boolean perCore) {
  private static final int NANOS = 9;

  /** Processor time, of one processor or of all. */
  private record Used(long nanos) {}

  void render() {
    var limited =
        families.plain().stream().filter(series -> series.of().spec().cpuQuota() > 0).toList();
    families.family(
        "container_cpu_cfs_periods_total",
        COUNTER,
        "Number of elapsed enforcement period intervals.",
        limited,
        r -> r.latest().cpu().periods(),
        0);
    families.family(
        "container_cpu_cfs_throttled_periods_total",
        COUNTER,
        "Number of throttled period intervals.",
        limited,
        r -> r.latest().cpu().throttledPeriods(),
        0);
    seconds(
        "cfs_throttled_seconds_total",
        "Total time duration the container has been throttled.",
        limited,
        r -> r.latest().cpu().throttled());
    families.gauge(
        "cpu_load_average_10s",
        "Value of container cpu load average over the last 10 seconds.",
        _ -> 0);
    seconds(
        "system_seconds_total",
        "Cumulative system cpu time consumed in seconds.",
        families.plain(),
        r -> r.latest().cpu().system());
    seconds(
        "usage_seconds_total",
        "Cumulative cpu time consumed in seconds.",
        families.all(this::used),
        Used::nanos);
    seconds(
        "user_seconds_total",
        "Cumulative user cpu time consumed in seconds.",
        families.plain(),
        r -> r.latest().cpu().user());
  }

  private <T> void seconds(
      String name, String help, List<Series<T>> series, ToLongFunction<T> nanos) {
    families.family("container_cpu_" + name, COUNTER, help, series, nanos, NANOS);
  }

  private Stream<Series<Used>> used(CgroupLabels one) {
    var cpu = one.record().latest().cpu();
    if (!perCore || cpu.perCore().size() == 0) {
      return Stream.of(one.beforeId(new Used(cpu.total()), "cpu", "total"));
    }
    return IntStream.range(0, cpu.perCore().size())
        .mapToObj(
            core ->
                one.beforeId(new Used(cpu.perCore().get(core)), "cpu", "cpu%02d".formatted(core)));
  }
}
