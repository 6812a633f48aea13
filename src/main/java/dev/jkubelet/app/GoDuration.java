package dev.jkubelet.app;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Durations as Go's {@code time.ParseDuration} reads them and {@code Duration.String} writes them.
 */
final class GoDuration {
  private static final Pattern TERM =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)");

  /** A text of a megabyte must not become a number. */
  private static final int LONGEST = 64;

  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "\u00b5s", 1_000L,
          "\u03bcs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /**
   * The duration, or empty when Go would refuse the text: no unit, or more than about 292 years.
   */
  static Optional<Duration> parse(String text) {
    var negative = text.startsWith("-");
    var terms = negative || text.startsWith("+") ? text.substring(1) : text;
    if (terms.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (terms.isEmpty() || text.length() > LONGEST) {
      return Optional.empty();
    }
    var nanos = BigInteger.ZERO;
    var matcher = TERM.matcher(terms);
    for (var at = 0; at < terms.length(); at = matcher.end()) {
      if (!matcher.region(at, terms.length()).lookingAt()) {
        return Optional.empty();
      }
      var unit = BigDecimal.valueOf(NANOS.get(matcher.group(2)));
      nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(unit).toBigInteger());
    }
    return nanos.bitLength() > 63
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue()));
  }

  /**
   * As {@code 1m0s}, {@code 100ms}, {@code 1.5s}, {@code 0s}: the form of every duration in
   * /configz.
   */
  static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    var sign = duration.isNegative() ? "-" : "";
    var nanos = duration.abs().toNanos();
    if (nanos < 1_000) {
      return sign + nanos + "ns";
    }
    if (nanos < 1_000_000) {
      return sign + decimal(nanos, 3) + "\u00b5s";
    }
    if (nanos < 1_000_000_000) {
      return sign + decimal(nanos, 6) + "ms";
    }
    var hours = nanos / NANOS.get("h");
    var minutes = nanos / NANOS.get("m") % 60;
    var seconds = decimal(nanos % NANOS.get("m"), 9) + "s";
    if (hours > 0) {
      return sign + hours + "h" + minutes + "m" + seconds;
    }
    return sign + (minutes > 0 ? minutes + "m" : "") + seconds;
  }

  private static String decimal(long nanos, int scale) {
    return BigDecimal.valueOf(nanos, scale).stripTrailingZeros().toPlainString();
  }
}
