package dev.jkubelet.stats;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/** Counts observations by size. Safe from any thread, without locks. */
final class Histogram {
  /** Prometheus' default buckets, which the kubelet uses for nearly everything; seconds. */
  static final double[] DEFAULT_BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

  private final double[] bounds;
  private final String[] texts;
  private final AtomicLongArray counts;
  private final DoubleAdder sum = new DoubleAdder();

  /** Bounds in rising order; what is above the last is counted too. */
  Histogram(double[] bounds) {
    this.bounds = bounds.clone();
    this.texts = Arrays.stream(bounds).mapToObj(Exposition::number).toArray(String[]::new);
    this.counts = new AtomicLongArray(bounds.length + 1);
  }

  /** So many bounds, each the one before it times {@code factor}. */
  static double[] exponential(double start, double factor, int count) {
    var bounds = new double[count];
    double bound = start;
    for (int i = 0; i < count; i++) {
      bounds[i] = bound;
      bound *= factor;
    }
    return bounds;
  }

  void observe(Duration took) {
    observe(took.toNanos() / 1e9);
  }

  void observe(double value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    counts.incrementAndGet(bucket);
    sum.add(value);
  }

  /** One more than there are bounds: the last is the count of all. */
  long[] cumulative() {
    var cumulative = new long[counts.length()];
    long total = 0;
    for (int i = 0; i < cumulative.length; i++) {
      total += counts.get(i);
      cumulative[i] = total;
    }
    return cumulative;
  }

  String bound(int bucket) {
    return bucket == bounds.length ? "+Inf" : texts[bucket];
  }

  double sum() {
    return sum.sum();
  }
}
