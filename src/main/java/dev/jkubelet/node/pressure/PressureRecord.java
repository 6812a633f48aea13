package dev.jkubelet.node.pressure;

import dev.jkubelet.node.pressure.Signal.Pressure;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * When the node was last short of what. It counts as being so for a while afterwards, lest its
 * conditions, and with them its taints, flap.
 */
record PressureRecord(Map<Pressure, Instant> last) {
  /** Of a node that has never been short of anything. */
  static final PressureRecord EMPTY = new PressureRecord(Map.of());

  /** What was not measured is not judged. */
  PressureRecord seen(Map<Signal, Threshold> thresholds, Map<Signal, Level> levels, Instant now) {
    var newest = new EnumMap<Pressure, Instant>(Pressure.class);
    newest.putAll(last);
    thresholds.forEach(
        (signal, threshold) -> {
          var level = levels.get(signal);
          if (level != null && threshold.met(level)) {
            newest.put(signal.pressure(), now);
          }
        });
    return new PressureRecord(Map.copyOf(newest));
  }

  /**
   * As it is told.
   *
   * @param transition {@code evictionPressureTransitionPeriod}
   */
  NodePressures told(Instant now, Duration transition) {
    return new NodePressures(
        is(Pressure.MEMORY, now, transition),
        is(Pressure.DISK, now, transition),
        is(Pressure.PID, now, transition));
  }

  private boolean is(Pressure pressure, Instant now, Duration transition) {
    var at = last.get(pressure);
    return at != null && (at.equals(now) || now.isBefore(at.plus(transition)));
  }
}
