package dev.jkubelet.runtime.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One line of Docker's json-file driver, {@code {"log":"…","stream":"stdout","time":"…"}}, read in
 * place: bytes in, bytes out, no object per line.
 */
final class JsonLine {
  private static final byte[] LOG = "{\"log\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TIME = "\"time\":\"".getBytes(StandardCharsets.US_ASCII);

  private JsonLine() {}

  /**
   * Where the time's text begins in the line, -1 when it has none.
   *
   * @param to the line's end, exclusive
   */
  static int time(byte[] buffer, int from, int to) {
    for (int i = to - TIME.length; i >= from; i--) {
      if (Arrays.equals(buffer, i, i + TIME.length, TIME, 0, TIME.length)) {
        return i + TIME.length;
      }
    }
    return -1;
  }

  /** Where a JSON string that begins at {@code from} ends, exclusive; -1 when it does not end. */
  static int end(byte[] buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] == '"') {
        return i;
      }
      if (buffer[i] == '\\') {
        i++;
      }
    }
    return -1;
  }

  /** Appends what was logged; false when the line is not of this format. */
  static boolean unescape(byte[] buffer, int from, int to, Output out) {
    if (to - from < LOG.length
        || !Arrays.equals(buffer, from, from + LOG.length, LOG, 0, LOG.length)) {
      return false;
    }
    int start = from + LOG.length;
    int end = end(buffer, start, to);
    if (end < 0) {
      return false;
    }
    int plain = start;
    int i = start;
    while (i < end) {
      if (buffer[i] != '\\') {
        i++;
        continue;
      }
      out.write(buffer, plain, i - plain);
      i = escape(buffer, i + 1, end, out);
      plain = i;
    }
    out.write(buffer, plain, end - plain);
    return true;
  }

  private static int escape(byte[] buffer, int at, int end, Output out) {
    switch (buffer[at]) {
      case 'n' -> out.write('\n');
      case 't' -> out.write('\t');
      case 'r' -> out.write('\r');
      case 'b' -> out.write('\b');
      case 'f' -> out.write('\f');
      case 'u' -> {
        return unicode(buffer, at, end, out);
      }
      default -> out.write(buffer[at]);
    }
    return at + 1;
  }

  /** A character, or two that make a surrogate pair. */
  private static int unicode(byte[] buffer, int at, int end, Output out) {
    int first = hex(buffer, at + 1, end);
    int next = at + 5;
    if (Character.isHighSurrogate((char) first)
        && next + 1 < end
        && buffer[next] == '\\'
        && buffer[next + 1] == 'u') {
      int second = hex(buffer, next + 2, end);
      if (Character.isLowSurrogate((char) second)) {
        out.writeCodePoint(Character.toCodePoint((char) first, (char) second));
        return next + 6;
      }
    }
    out.writeCodePoint(Character.isSurrogate((char) first) ? 0xFFFD : first);
    return Math.min(next, end);
  }

  private static int hex(byte[] buffer, int at, int end) {
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = i < end ? Character.digit(buffer[i], 16) : -1;
      if (digit < 0) {
        return 0xFFFD;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
