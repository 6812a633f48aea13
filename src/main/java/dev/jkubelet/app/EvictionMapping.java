package dev.jkubelet.app;

import dev.jkubelet.node.eviction.EvictionThreshold;
import dev.jkubelet.node.eviction.Evictor;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings by which pods are evicted. */
final class EvictionMapping {
  private static final Pattern PERCENTAGE = Pattern.compile("(100|[0-9]{1,2})(\\.[0-9]+)?%");

  private final Configuration settings;
  private final Amounts amounts;

  EvictionMapping(Configuration settings) {
    this.settings = settings;
    this.amounts = new Amounts(settings);
  }

  /** {@code evictionHard} or {@code evictionSoft}. */
  Map<Signal, Threshold> thresholds(String key) {
    var thresholds = new EnumMap<Signal, Threshold>(Signal.class);
    amounts
        .pairs(key)
        .forEach(
            (name, amount) -> {
              if (!PERCENTAGE.matcher(amount).matches()) {
                amounts.quantity(key, name + "<" + amount, amount);
              }
              thresholds.put(signal(key, name), new Threshold(amount));
            });
    return thresholds;
  }

  Evictor.Settings evictor() {
    var reclaim = thresholds("evictionMinimumReclaim");
    var graces = graces();
    var all = new ArrayList<EvictionThreshold>();
    thresholds("evictionHard")
        .forEach(
            (signal, least) ->
                all.add(threshold(signal, least, Optional.empty(), reclaim.get(signal))));
    thresholds("evictionSoft")
        .forEach(
            (signal, least) -> {
              if (!graces.containsKey(signal)) {
                throw amounts.wrong(
                    "evictionSoft",
                    "a grace period (evictionSoftGracePeriod) with it",
                    signal.text());
              }
              all.add(
                  threshold(signal, least, Optional.of(graces.get(signal)), reclaim.get(signal)));
            });
    return new Evictor.Settings(
        all, Duration.ofSeconds(settings.number("evictionMaxPodGracePeriod")));
  }

  private static EvictionThreshold threshold(
      Signal signal, Threshold least, Optional<Duration> grace, Threshold reclaim) {
    return new EvictionThreshold(signal, least, grace, Optional.ofNullable(reclaim));
  }

  private Map<Signal, Duration> graces() {
    var key = "evictionSoftGracePeriod";
    var graces = new EnumMap<Signal, Duration>(Signal.class);
    amounts
        .pairs(key)
        .forEach(
            (name, text) ->
                graces.put(
                    signal(key, name),
                    GoDuration.parse(text)
                        .filter(grace -> !grace.isNegative())
                        .orElseThrow(
                            () ->
                                amounts.wrong(key, "a duration such as 90s", name + "=" + text))));
    return graces;
  }

  private Signal signal(String key, String name) {
    return Signal.named(name)
        .orElseThrow(() -> amounts.wrong(key, "a signal such as memory.available", name));
  }
}
