package dev.jkubelet.node.eviction;

import dev.jkubelet.node.pressure.Level;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * With how little of something pods are evicted.
 *
 * @param grace how long there may be less before it is acted upon; empty for a hard threshold: at
 *     once, and without time for the pods to end
 * @param reclaim how much more than the threshold there must be again
 */
public record EvictionThreshold(
    Signal signal, Threshold least, Optional<Duration> grace, Optional<Threshold> reclaim) {

  boolean hard() {
    return grace.isEmpty();
  }

  boolean met(Level level) {
    return less(level, least.of(level.capacity()));
  }

  /** Once it was met, it is until enough was reclaimed. */
  boolean stillMet(Level level) {
    var more = reclaim.map(r -> r.of(level.capacity())).orElse(BigDecimal.ZERO);
    return less(level, least.of(level.capacity()).add(more));
  }

  private static boolean less(Level level, BigDecimal than) {
    return BigDecimal.valueOf(level.available()).compareTo(than) < 0;
  }
}
