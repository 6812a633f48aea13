package dev.jkubelet.node.pressure;

import dev.jkubelet.model.Quantities;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;

/**
 * How much the node keeps free of something.
 *
 * @param value as the flag has it after the {@code <}: {@code 100Mi} or {@code 10%}
 */
public record Threshold(String value) {
  /**
   * In the units of {@code capacity}. Percentages are the kubelet's single-precision ones; 0% and
   * 100% count as no threshold.
   */
  public BigDecimal of(long capacity) {
    if (value.equals("0%") || value.equals("100%")) {
      return BigDecimal.ZERO;
    }
    if (!value.endsWith("%")) {
      return Quantities.decimal(Quantity.parse(value));
    }
    float share = Float.parseFloat(value.substring(0, value.length() - 1)) / 100;
    return BigDecimal.valueOf((long) ((double) capacity * share));
  }

  /** Whether less is left. */
  boolean met(Level level) {
    return of(level.capacity()).compareTo(BigDecimal.valueOf(level.available())) > 0;
  }
}
