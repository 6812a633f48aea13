package dev.jkubelet.stats;

/** How metrics are written. */
public enum MetricsFormat {
  /** Prometheus' text format 0.0.4. */
  TEXT,

  /**
   * OpenMetrics 1.0. Counters whose names don't end as it wants them to have no type there, so that
   * a series has one name in both.
   */
  OPEN_METRICS
}
