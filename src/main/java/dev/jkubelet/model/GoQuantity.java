package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A quantity as apimachinery holds it: the kubelet's hashes print its inner fields, and its text
 * depends on them. The text is canonical: the same number with the largest suffix of its family
 * that needs no fraction (1000m → 1, 0.5 → 500m, 1024Mi → 1Gi), at most nine decimals, rounded away
 * from zero; but a text that parsing took for canonical stays as it was ({@code +1}, {@code
 * 1.500}).
 *
 * @param number its scale is significant: Go's {@code scale} with the opposite sign
 * @param decimal whether Go keeps the number in an {@code inf.Dec} instead of an {@code int64}
 * @param kept the text that was parsed, where Go keeps it; else empty
 */
public record GoQuantity(BigDecimal number, boolean decimal, String kept, Format format) {
  /** The family of suffixes, as Go names it. */
  public enum Format {
    DecimalSI,
    DecimalExponent,
    BinarySI
  }

  private static final Pattern SYNTAX =
      Pattern.compile(
          "([+-]?)(?=\\.?[0-9])0*([0-9]{0,30})(?:\\.([0-9]{0,30}))?"
              + "([a-zA-Z]{0,2}|[eE][+-]?[0-9]{1,2})");
  private static final List<String> DECIMAL =
      List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");

  /** How many decimal digits each binary suffix takes from an {@code int64}, as Go estimates it. */
  private static final Map<String, Integer> BINARY_DIGITS =
      Map.of("Ki", 3, "Mi", 6, "Gi", 9, "Ti", 12, "Pi", 15, "Ei", 18);

  private static final int NANO = 9;
  private static final int MILLI = 3;
  private static final int LONG_DIGITS = 18;
  private static final int BINARY_LONG_DIGITS = 14;
  private static final BigInteger KIBI = BigInteger.valueOf(1024);
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  /** Empty if {@code text} is no quantity. */
  public static Optional<GoQuantity> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(new GoQuantity(BigDecimal.ZERO, false, text, Format.DecimalSI));
    }
    var match = SYNTAX.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    var suffix = match.group(4);
    if (BINARY.indexOf(suffix) > 0) {
      return Optional.of(binary(match, suffix));
    }
    if (DECIMAL.contains(suffix)) {
      return Optional.of(decimal(match, (DECIMAL.indexOf(suffix) - 3) * 3, Format.DecimalSI));
    }
    return suffix.matches("[eE][+-]?[0-9]+")
        ? Optional.of(decimal(match, Integer.parseInt(suffix.substring(1)), Format.DecimalExponent))
        : Optional.empty();
  }

  /**
   * A number of a YAML manifest as Go hands it on: very small and very large ones in powers of 10.
   */
  public static String written(BigDecimal number) {
    var power = number.precision() - number.scale() - 1;
    if (number.signum() == 0 || (power >= -6 && power < 21)) {
      return number.toPlainString();
    }
    var digits = new BigDecimal(number.stripTrailingZeros().unscaledValue());
    var mantissa = digits.scaleByPowerOfTen(1 - digits.precision()).toPlainString();
    return mantissa + "e" + (power < 0 ? "" : "+") + power;
  }

  /** The model's form of it: its text. */
  public Quantity toModel() {
    return Quantity.parse(toString());
  }

  /** Rounded up to thousandths, as a pod's resources are. */
  public GoQuantity inThousandths() {
    return decimal || number.scale() > MILLI
        ? new GoQuantity(number.setScale(MILLI, RoundingMode.UP), decimal, "", format)
        : this;
  }

  @Override
  public String toString() {
    if (!kept.isEmpty()) {
      return kept;
    }
    if (number.signum() == 0) {
      return "0";
    }
    var small = number.abs().compareTo(new BigDecimal(KIBI)) < 0;
    var whole = number.setScale(0, RoundingMode.UP);
    return format == Format.BinarySI && !small && whole.compareTo(number) == 0
        ? inPowersOf1024(whole.toBigInteger())
        : inPowersOf1000();
  }

  private static GoQuantity binary(Matcher match, String suffix) {
    var digits = integer(match);
    var factor = KIBI.pow(BINARY.indexOf(suffix));
    var exact = new BigDecimal(sign(match) + digits).multiply(new BigDecimal(factor));
    var fits = digits.length() + BINARY_DIGITS.get(suffix) <= BINARY_LONG_DIGITS;
    if (fits && fraction(match).isEmpty()) {
      var canonical = (Long.parseLong(digits) & 7) != 0;
      return new GoQuantity(exact, false, canonical ? match.group() : "", Format.BinarySI);
    }
    var number = new BigDecimal(digits + "." + fraction(match)).multiply(new BigDecimal(factor));
    var rounded = inNanos(number);
    var bounded = rounded.compareTo(LARGEST) > 0 ? LARGEST : rounded;
    var below = bounded.signum() > 0 && bounded.compareTo(BigDecimal.ONE) < 0;
    return new GoQuantity(
        signed(match, bounded), true, "", below ? Format.DecimalSI : Format.BinarySI);
  }

  private static GoQuantity decimal(Matcher match, int exponent, Format format) {
    var digits = integer(match) + fraction(match);
    var scale = fraction(match).length() - exponent;
    var unscaled = new BigInteger(digits);
    if (digits.length() <= LONG_DIGITS && scale <= NANO) {
      var canonical = scale % 3 == 0 && !digits.endsWith("000") && digits.charAt(0) != '0';
      return new GoQuantity(
          signed(match, new BigDecimal(unscaled, scale)),
          false,
          canonical ? match.group() : "",
          format);
    }
    var number = inNanos(new BigDecimal(unscaled, scale));
    return new GoQuantity(signed(match, number), true, "", format);
  }

  private static BigDecimal inNanos(BigDecimal number) {
    return number.signum() == 0 ? number : number.setScale(NANO, RoundingMode.UP);
  }

  private static String integer(Matcher match) {
    return match.group(2).isEmpty() ? "0" : match.group(2);
  }

  private static String fraction(Matcher match) {
    return match.group(3) == null ? "" : match.group(3);
  }

  private static String sign(Matcher match) {
    return match.group(1);
  }

  private static BigDecimal signed(Matcher match, BigDecimal magnitude) {
    return sign(match).equals("-") ? magnitude.negate() : magnitude;
  }

  private static String inPowersOf1024(BigInteger whole) {
    var mantissa = whole;
    var step = 0;
    while (step < BINARY.size() - 1 && mantissa.mod(KIBI).signum() == 0) {
      mantissa = mantissa.divide(KIBI);
      step++;
    }
    return mantissa + BINARY.get(step);
  }

  private String inPowersOf1000() {
    var bare = number.stripTrailingZeros();
    var power = Math.floorDiv(-bare.scale(), 3) * 3;
    if (format == Format.DecimalExponent) {
      return mantissa(bare, power) + (power == 0 ? "" : "e" + power);
    }
    // Go has no suffix beyond E and would print another number there.
    var printed = Math.min(power, 18);
    return mantissa(bare, printed) + DECIMAL.get(printed / 3 + 3);
  }

  private static BigInteger mantissa(BigDecimal number, int power) {
    return number.scaleByPowerOfTen(-power).toBigIntegerExact();
  }
}
