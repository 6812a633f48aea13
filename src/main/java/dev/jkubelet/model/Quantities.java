package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * Kubernetes quantities as numbers: rounded up, as apimachinery does it, and held within a long. An
 * absent quantity is zero. Not with the model's own arithmetic, which would spend hours on {@code
 * 1e999999999}.
 */
public final class Quantities {
  private static final int LONGEST = 64;
  private static final int LONG_DIGITS = 19;
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final Pattern SYNTAX =
      Pattern.compile(
          "([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,4})?");

  private Quantities() {}

  /** CPUs in thousandths. */
  public static long milliCpu(Quantity cpus) {
    return roundedUp(decimal(cpus).scaleByPowerOfTen(3));
  }

  /** Bytes, or whatever else comes in whole numbers. */
  public static long bytes(Quantity quantity) {
    return roundedUp(decimal(quantity));
  }

  /**
   * The exact value.
   *
   * @throws IllegalArgumentException when the quantity is not written as Kubernetes has it
   */
  public static BigDecimal decimal(Quantity quantity) {
    if (quantity == null || quantity.getAmount() == null) {
      return BigDecimal.ZERO;
    }
    var format = quantity.getFormat() == null ? "" : quantity.getFormat();
    var text = quantity.getAmount() + format;
    var parts = SYNTAX.matcher(text);
    if (text.length() > LONGEST || !parts.matches()) {
      throw new IllegalArgumentException(
          "quantity \"%s\": expected a number and a suffix such as 100m, 1.5, 64Mi or 1e3"
              .formatted(text.substring(0, Math.min(LONGEST, text.length()))));
    }
    var number = new BigDecimal(parts.group(1));
    var suffix = parts.group(2);
    if (suffix == null) {
      return number;
    }
    if (suffix.endsWith("i")) {
      int power = 10 * ("KMGTPE".indexOf(suffix.charAt(0)) + 1);
      return number.multiply(BigDecimal.valueOf(1L << power));
    }
    return number.scaleByPowerOfTen(exponent(suffix));
  }

  private static int exponent(String suffix) {
    return suffix.length() > 1
        ? Integer.parseInt(suffix.substring(1))
        : 3
            * ("num".indexOf(suffix) >= 0
                ? "num".indexOf(suffix) - 3
                : "kMGTPE".indexOf(suffix) + 1);
  }

  /** A number of bytes as Kubernetes writes it: in the largest unit of 1024 that divides it. */
  public static String binary(long bytes) {
    int power = 0;
    while (power < 6 && bytes != 0 && bytes % 1024 == 0) {
      bytes /= 1024;
      power++;
    }
    return bytes + (power == 0 ? "" : "KMGTPE".charAt(power - 1) + "i");
  }

  private static long roundedUp(BigDecimal value) {
    long digits = (long) value.precision() - value.scale();
    if (digits > LONG_DIGITS) {
      return value.signum() * Long.MAX_VALUE;
    }
    var whole = value.setScale(0, RoundingMode.UP);
    return whole.abs().compareTo(LARGEST) > 0
        ? whole.signum() * Long.MAX_VALUE
        : whole.longValueExact();
  }
}
