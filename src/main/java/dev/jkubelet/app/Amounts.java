package dev.jkubelet.app;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Settings that are amounts by name. */
record Amounts(Configuration settings) {
  private static final Set<String> RESERVABLE = Set.of("cpu", "memory", "ephemeral-storage", "pid");

  /**
   * What {@code systemReserved} or {@code kubeReserved} keeps from pods.
   *
   * @throws StartFailure when it is not as it must be
   */
  Map<String, Quantity> reserved(String key) {
    var reserved = new TreeMap<String, Quantity>();
    pairs(key)
        .forEach(
            (resource, amount) -> {
              if (!RESERVABLE.contains(resource)) {
                throw wrong(key, "cpu, memory, ephemeral-storage or pid", resource);
              }
              reserved.put(resource, quantity(key, resource + "=" + amount, amount));
            });
    return reserved;
  }

  /** The setting as it is written, sorted by name. */
  Map<String, String> pairs(String key) {
    var pairs = new TreeMap<String, String>();
    ((Map<?, ?>) settings.value(key)).forEach((k, v) -> pairs.put((String) k, (String) v));
    return pairs;
  }

  /**
   * A number and a suffix, not less than nothing.
   *
   * @param pair as it was given, for the message
   */
  Quantity quantity(String key, String pair, String amount) {
    try {
      var quantity = Quantity.parse(amount);
      if (quantity.getNumericalAmount().signum() >= 0) {
        return quantity;
      }
    } catch (IllegalArgumentException _) {
      // Said below, as of a negative amount.
    }
    throw wrong(key, "an amount such as 500m or 100Mi", pair);
  }

  StartFailure wrong(String key, String expected, String got) {
    return new StartFailure(
        "%s: expected %s, got %s".formatted(settings.origin(key), expected, Flags.quoted(got)));
  }
}
