package dev.jkubelet.stats;

import dev.jkubelet.stats.CgroupLabels.Series;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Writes families of series of every cgroup for one scrape: each series' labels are put into bytes
 * once, its numbers straight into the answer.
 */
final class ContainerFamilies {
  static final String COUNTER = "counter";
  static final String GAUGE = "gauge";

  private final Exposition out;
  private final List<CgroupLabels> cgroups;
  private final List<Series<ContainerRecord>> plain;
  private final List<Series<ContainerRecord>> timeless;

  /**
   * Of all that is measured, in the order in which Go's client library writes it.
   *
   * @param format {@code out}'s
   */
  ContainerFamilies(
      ContainerLabels naming, NodeSnapshot snapshot, Exposition out, MetricsFormat format) {
    this.out = out;
    var scratch = new Exposition(format);
    cgroups =
        snapshot.containers().values().stream()
            .map(record -> new CgroupLabels(naming, record, scratch))
            .sorted(Comparator.comparing(CgroupLabels::first).thenComparing(CgroupLabels::path))
            .toList();
    plain = all(one -> Stream.of(one.plain()));
    timeless = all(one -> Stream.of(one.timeless()));
  }

  Exposition out() {
    return out;
  }

  List<CgroupLabels> cgroups() {
    return cgroups;
  }

  /** One for each cgroup. */
  List<Series<ContainerRecord>> plain() {
    return plain;
  }

  /** One for each cgroup, of what does not change. */
  List<Series<ContainerRecord>> timeless() {
    return timeless;
  }

  <T> List<Series<T>> all(Function<CgroupLabels, Stream<Series<T>>> of) {
    return cgroups.stream().flatMap(of).toList();
  }

  /**
   * One family; nothing without a series.
   *
   * @param scale how many of the number's digits stand behind the point
   */
  <T> void family(
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
      out.raw(bytes).raw(one.labels()).decimal(value.applyAsLong(one.of()), scale).raw(one.end());
    }
  }

  /** Of each cgroup; {@code name} without {@code container_}. */
  void counter(String name, String help, ToLongFunction<ContainerRecord> value) {
    family("container_" + name, COUNTER, help, plain, value, 0);
  }

  /** Of each cgroup; {@code name} without {@code container_}. */
  void gauge(String name, String help, ToLongFunction<ContainerRecord> value) {
    family("container_" + name, GAUGE, help, plain, value, 0);
  }
}
