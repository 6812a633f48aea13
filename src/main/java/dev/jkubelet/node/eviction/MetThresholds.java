package dev.jkubelet.node.eviction;

import dev.jkubelet.node.pressure.Level;
import dev.jkubelet.node.pressure.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which thresholds are met, and since when.
 *
 * @param acted those that were acted upon: they are met until enough was reclaimed
 */
record MetThresholds(Map<EvictionThreshold, Instant> since, List<EvictionThreshold> acted) {
  static final MetThresholds NONE = new MetThresholds(Map.of(), List.of());

  /** What was not measured now is not met. */
  MetThresholds seen(List<EvictionThreshold> all, Map<Signal, Level> levels, Instant now) {
    var newest = new LinkedHashMap<EvictionThreshold, Instant>();
    for (var threshold : all) {
      var level = levels.get(threshold.signal());
      if (level != null
          && (threshold.met(level) || (acted.contains(threshold) && threshold.stillMet(level)))) {
        newest.put(threshold, since.getOrDefault(threshold, now));
      }
    }
    return new MetThresholds(newest, acted.stream().filter(newest::containsKey).toList());
  }

  /** The one to act upon: memory before all else, for it runs out fastest. */
  Optional<EvictionThreshold> due(Instant now) {
    return due(now, since.keySet().stream().toList());
  }

  private Optional<EvictionThreshold> due(Instant now, List<EvictionThreshold> candidates) {
    return candidates.stream()
        .filter(t -> !now.isBefore(since.get(t).plus(t.grace().orElse(Duration.ZERO))))
        .min(Comparator.comparing(EvictionThreshold::signal));
  }

  /** All that are due now have been acted upon. */
  MetThresholds actedUpon(Instant now) {
    return new MetThresholds(
        since, since.keySet().stream().filter(t -> due(now, List.of(t)).isPresent()).toList());
  }
}
