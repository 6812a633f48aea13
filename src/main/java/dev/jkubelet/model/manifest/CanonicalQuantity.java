package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Quantities as the API prints them: the same number with the largest suffix of its family that
 * needs no fraction (1000m → 1, 0.5 → 500m, 1024Mi → 1Gi), at most nine decimals, rounded away from
 * zero.
 */
final class CanonicalQuantity {
  private static final Pattern SYNTAX =
      Pattern.compile(
          "([+-]?)([0-9]{1,30}(?:\\.[0-9]{0,30})?|\\.[0-9]{1,30})([a-zA-Z]{0,2}|[eE][+-]?[0-9]{1,2})");
  private static final List<String> DECIMAL =
      List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final int NANO = 9;
  private static final BigInteger KIBI = BigInteger.valueOf(1024);
  private static final BigInteger KILO = BigInteger.valueOf(1000);

  private CanonicalQuantity() {}

  /** Empty if {@code text} is no quantity. */
  static Optional<Quantity> parse(String text) {
    var match = SYNTAX.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    var number = new BigDecimal(match.group(2));
    var signed = match.group(1).equals("-") ? number.negate() : number;
    var suffix = match.group(3);
    if (BINARY.indexOf(suffix) > 0) {
      var bytes = signed.multiply(new BigDecimal(KIBI.pow(BINARY.indexOf(suffix))));
      return Optional.of(binary(rounded(bytes, NANO)));
    }
    if (DECIMAL.contains(suffix)) {
      return Optional.of(decimal(rounded(signed.scaleByPowerOfTen(power(suffix)), NANO), false));
    }
    if (suffix.matches("[eE][+-]?[0-9]+")) {
      var exponent = Integer.parseInt(suffix.substring(1));
      return Optional.of(decimal(rounded(signed.scaleByPowerOfTen(exponent), NANO), true));
    }
    return Optional.empty();
  }

  /** Rounded up to thousandths, as a pod's resources are. */
  static Quantity inThousandths(Quantity quantity) {
    var value = quantity.getNumericalAmount();
    var rounded = rounded(value, 3);
    return rounded.compareTo(value) == 0 ? quantity : decimal(rounded, false);
  }

  private static int power(String suffix) {
    return (DECIMAL.indexOf(suffix) - 3) * 3;
  }

  private static BigDecimal rounded(BigDecimal value, int decimals) {
    return value.scale() > decimals ? value.setScale(decimals, RoundingMode.UP) : value;
  }

  private static Quantity binary(BigDecimal value) {
    if (value.abs().compareTo(new BigDecimal(KIBI)) < 0) {
      return decimal(value, false);
    }
    var mantissa = value.setScale(0, RoundingMode.UP).toBigInteger();
    var step = 0;
    while (step < BINARY.size() - 1 && mantissa.mod(KIBI).signum() == 0) {
      mantissa = mantissa.divide(KIBI);
      step++;
    }
    return new Quantity(mantissa.toString(), BINARY.get(step));
  }

  private static Quantity decimal(BigDecimal value, boolean exponent) {
    if (value.signum() == 0) {
      return new Quantity("0");
    }
    var mantissa = value.movePointRight(NANO).toBigIntegerExact();
    var power = -NANO;
    while (mantissa.mod(KILO).signum() == 0 && (exponent || power < 18)) {
      mantissa = mantissa.divide(KILO);
      power += 3;
    }
    if (exponent) {
      return new Quantity(mantissa.toString(), power == 0 ? "" : "e" + power);
    }
    return new Quantity(mantissa.toString(), DECIMAL.get(power / 3 + 3));
  }
}
