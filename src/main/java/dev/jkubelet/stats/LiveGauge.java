package dev.jkubelet.stats;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A gauge of the agent's own that is read when it is asked for.
 *
 * @param values by the value of its one label; must not block
 */
public record LiveGauge(
    String name, String help, String label, Supplier<Map<String, Double>> values)
    implements Metric {
  @Override
  public void render(Exposition out) {
    out.family(name, "gauge", help);
    new TreeMap<>(values.get()).forEach((of, value) -> out.sample(name, value, label, of));
  }
}
