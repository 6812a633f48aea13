package dev.jkubelet.stats;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The series of one metric, one per set of label values. Past {@link #MOST_SERIES} sets or another
 * bound, all others are counted together under the value {@code other}, so that nobody can fill the
 * memory with labels.
 *
 * @param <T> what counts one series
 */
final class Family<T> implements Metric {
  static final int MOST_SERIES = 256;
  static final String OTHER = "other";

  private final String name;
  private final String type;
  private final String help;
  private final List<String> labels;
  private final Supplier<T> series;
  private final Writer<T> writer;
  private final ConcurrentHashMap<List<String>, T> byValues = new ConcurrentHashMap<>();
  private int most = MOST_SERIES;

  private Family(
      String name,
      String type,
      String help,
      List<String> labels,
      Supplier<T> series,
      Writer<T> writer) {
    this.name = name;
    this.type = type;
    this.help = help;
    this.labels = labels;
    this.series = series;
    this.writer = writer;
    if (labels.isEmpty()) {
      byValues.put(List.of(), series.get());
    }
  }

  static Family<LongAdder> counter(String name, String help, String... labels) {
    return new Family<>(
        name,
        "counter",
        help,
        List.of(labels),
        LongAdder::new,
        (out, count, values) -> out.sample(name, (double) count.sum(), values));
  }

  static Family<AtomicReference<Double>> gauge(String name, String help, String... labels) {
    return new Family<>(
        name,
        "gauge",
        help,
        List.of(labels),
        () -> new AtomicReference<>(0.0),
        (out, value, values) -> out.sample(name, value.get(), values));
  }

  static Family<Histogram> histogram(String name, String help, double[] bounds, String... labels) {
    return new Family<>(
        name,
        "histogram",
        help,
        List.of(labels),
        () -> new Histogram(bounds),
        (out, histogram, values) -> out.histogram(name, histogram, values));
  }

  /** With that bound on its series; to be said before it is used. */
  Family<T> atMost(int series) {
    most = series;
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  /** The series of these label values, in the order of the names. */
  T with(String... values) {
    var key = List.of(values);
    var found = byValues.get(key);
    if (found != null) {
      return found;
    }
    return byValues.computeIfAbsent(
        byValues.size() < most ? key : Collections.nCopies(labels.size(), OTHER),
        _ -> series.get());
  }

  /** The series of these label values is told of no more. */
  void remove(String... values) {
    byValues.remove(List.of(values));
  }

  /** Every series so far, with its label values in the order of the names. */
  void forEach(BiConsumer<List<String>, T> action) {
    byValues.forEach(action);
  }

  /** Writes the family, sorted by label values; nothing while there is no series. */
  @Override
  public void render(Exposition out) {
    if (byValues.isEmpty()) {
      return;
    }
    out.family(name, type, help);
    byValues.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Family::compare))
        .forEach(entry -> writer.write(out, entry.getValue(), pairs(entry.getKey())));
  }

  private static int compare(List<String> one, List<String> other) {
    int order = 0;
    for (int i = 0; order == 0 && i < one.size(); i++) {
      order = one.get(i).compareTo(other.get(i));
    }
    return order;
  }

  private String[] pairs(List<String> values) {
    var pairs = new String[labels.size() * 2];
    for (int i = 0; i < labels.size(); i++) {
      pairs[2 * i] = labels.get(i);
      pairs[2 * i + 1] = values.get(i);
    }
    return pairs;
  }

  private interface Writer<T> {
    void write(Exposition out, T series, String[] labels);
  }
}
