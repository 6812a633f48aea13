package dev.jkubelet.runtime.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * An entry's time in the form the kubelet prints, {@code 2026-11-23T12:45:25.808029342Z}: of fixed
 * length, so that its bytes sort as time does. Docker cuts trailing zeros of the fraction.
 */
final class EntryTime {
  static final int LENGTH = 30;

  private static final String SECONDS_SHAPE = "0000-00-00T00:00:00";
  private static final int FRACTION = SECONDS_SHAPE.length() + 1;
  private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private EntryTime() {}

  static byte[] of(Instant time) {
    var inRange = time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
    return FORMAT.format(inRange).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Writes the RFC 3339 time in [from, to) into the first {@link #LENGTH} bytes of {@code into}.
   *
   * @return false when it is not a time in UTC, the only zone Docker writes
   */
  static boolean canonical(byte[] in, int from, int to, byte[] into) {
    int secondsEnd = from + SECONDS_SHAPE.length();
    if (to <= secondsEnd || to - from > LENGTH || in[to - 1] != 'Z') {
      return false;
    }
    for (int i = 0; i < SECONDS_SHAPE.length(); i++) {
      char shape = SECONDS_SHAPE.charAt(i);
      byte actual = in[from + i];
      if (shape == '0' ? !isDigit(actual) : actual != shape) {
        return false;
      }
    }
    int digits = to - 1 - secondsEnd - 1;
    if (digits == 0 || (digits > 0 && in[secondsEnd] != '.')) {
      return false;
    }
    for (int i = secondsEnd + 1; i < to - 1; i++) {
      if (!isDigit(in[i])) {
        return false;
      }
    }
    int copied = Math.max(digits, 0);
    System.arraycopy(in, from, into, 0, SECONDS_SHAPE.length());
    into[SECONDS_SHAPE.length()] = '.';
    System.arraycopy(in, secondsEnd + 1, into, FRACTION, copied);
    Arrays.fill(into, FRACTION + copied, LENGTH - 1, (byte) '0');
    into[LENGTH - 1] = 'Z';
    return true;
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }
}
