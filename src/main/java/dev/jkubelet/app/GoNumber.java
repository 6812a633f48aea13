package dev.jkubelet.app;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers as Go's {@code strconv} reads them when the base is left open, and sizes in bytes. */
final class GoNumber {
  /** Longer texts are no numbers; a text of a megabyte must not become one. */
  private static final int LONGEST_NUMBER = 64;

  private static final Pattern SIZE =
      Pattern.compile("[0-9]+(\\.[0-9]+)?([KMGTPE]i|[kMGTPE]|[eE][0-9]{1,2})?");
  private static final Pattern INT =
      Pattern.compile("([+-]?)(0[xXbBoO]_?|0_?(?=[0-9]))?([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)");
  private static final Pattern FLOAT =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");

  private GoNumber() {}

  /** The whole number, at most so many bits wide besides its sign. */
  static Optional<Long> integer(String text, int bits) {
    var matcher = INT.matcher(text);
    if (text.length() > LONGEST_NUMBER || !matcher.matches()) {
      return Optional.empty();
    }
    var radix =
        switch (matcher.group(2)) {
          case null -> 10;
          case "0x", "0X", "0x_", "0X_" -> 16;
          case "0b", "0B", "0b_", "0B_" -> 2;
          case String _ -> 8;
        };
    try {
      var number = new BigInteger(matcher.group(1) + matcher.group(3).replace("_", ""), radix);
      return number.bitLength() > bits ? Optional.empty() : Optional.of(number.longValueExact());
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** The number, unless it is out of a double's range. */
  static Optional<Double> decimal(String text) {
    return isNumber(FLOAT, text)
        ? Optional.of(Double.valueOf(text)).filter(Double::isFinite)
        : Optional.empty();
  }

  /**
   * The number of bytes that a Kubernetes quantity names, or empty when it is none, negative or
   * broken.
   */
  static Optional<Long> bytes(String text) {
    if (!isNumber(SIZE, text)) {
      return Optional.empty();
    }
    var bytes = Quantity.getAmountInBytes(Quantity.parse(text)).stripTrailingZeros();
    return bytes.scale() > 0 || bytes.toBigInteger().bitLength() > 63
        ? Optional.empty()
        : Optional.of(bytes.longValueExact());
  }

  private static boolean isNumber(Pattern pattern, String text) {
    return text.length() <= LONGEST_NUMBER && pattern.matcher(text).matches();
  }
}
