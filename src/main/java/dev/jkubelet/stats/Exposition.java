package dev.jkubelet.stats;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes metrics straight into bytes, numbers as Go's client library writes them. Not safe for
 * several threads.
 */
final class Exposition {
  /** In place of a moment: none is told. */
  static final long NO_TIMESTAMP = Long.MIN_VALUE;

  private static final int PLAIN_BELOW = 1_000_000;

  /** Below it, the shortest text of the nearest double is the decimal itself. */
  private static final long MOST_EXACT = 1_000_000_000_000_000L;

  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

  private static final int FIRST_SIZE = 16 * 1024;

  private static final String COUNTER = "counter";
  private static final String TOTAL = "_total";
  private static final String END = "# EOF\n";

  private final boolean open;
  private byte[] buffer;
  private int length;

  Exposition(MetricsFormat format) {
    this(format, 0);
  }

  /** For so many bytes, as far as one can tell. */
  Exposition(MetricsFormat format, int expected) {
    open = format == MetricsFormat.OPEN_METRICS;
    buffer = new byte[expected + FIRST_SIZE];
  }

  /** Opens a family; its samples follow. */
  Exposition family(String name, String type, String help) {
    if (!open || !type.equals(COUNTER)) {
      return opened(name, type, help);
    }
    return name.endsWith(TOTAL)
        ? opened(name.substring(0, name.length() - TOTAL.length()), type, help)
        : opened(name, "unknown", help);
  }

  private Exposition opened(String family, String type, String help) {
    ascii("# HELP ").ascii(family).put(' ').escaped(help, open).put('\n');
    return ascii("# TYPE ").ascii(family).put(' ').ascii(type).put('\n');
  }

  /**
   * One sample.
   *
   * @param labels name, value, name, value…; names sorted
   */
  Exposition sample(String name, double value, String... labels) {
    return sample(name, "", value, NO_TIMESTAMP, labels);
  }

  /** One sample of a known moment, in milliseconds since 1970. */
  Exposition sampleAt(String name, long timestamp, double value, String... labels) {
    return sample(name, "", value, timestamp, labels);
  }

  /** A histogram's buckets, sum and count. */
  Exposition histogram(String name, Histogram histogram, String... labels) {
    var cumulative = histogram.cumulative();
    int start = length;
    ascii(name).ascii("_bucket");
    labels(labels).put(labels.length == 0 ? '{' : ',').ascii("le=\"");
    int same = length - start;
    for (int i = 0; i < cumulative.length; i++) {
      if (i > 0) {
        reserve(same);
        System.arraycopy(buffer, start, buffer, length, same);
        length += same;
      }
      ascii(histogram.bound(i)).ascii("\"} ").value((double) cumulative[i]).put('\n');
    }
    sample(name, "_sum", histogram.sum(), NO_TIMESTAMP, labels);
    return sample(name, "_count", (double) cumulative[cumulative.length - 1], NO_TIMESTAMP, labels);
  }

  /** A name, or labels, as they stand in the text. */
  Exposition raw(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
    return this;
  }

  /**
   * The number {@code unscaled / 10^scale} as {@link #number} has it, without garbage as long as it
   * has no more than fifteen digits.
   */
  Exposition decimal(long unscaled, int scale) {
    if (unscaled < 0 || unscaled >= MOST_EXACT) {
      return ascii(number(unscaled / POWERS[scale]));
    }
    if (unscaled == 0) {
      return put('0');
    }
    long digits = unscaled;
    int point = scale;
    while (digits % 10 == 0) {
      digits /= 10;
      point--;
    }
    int count = count(digits);
    int exponent = count - 1 - point;
    if (exponent < -4 || exponent >= 6) {
      return exponential(digits, count, exponent);
    }
    if (exponent < 0) {
      put('0').put('.');
      for (int i = -1; i > exponent; i--) {
        put('0');
      }
      return digits(digits, count, count);
    }
    digits(digits, count, exponent + 1);
    for (int i = count; i <= exponent; i++) {
      put('0');
    }
    return this;
  }

  private Exposition exponential(long digits, int count, int exponent) {
    digits(digits, count, 1).put('e').put(exponent < 0 ? '-' : '+');
    int size = Math.abs(exponent);
    return put((char) ('0' + size / 10)).put((char) ('0' + size % 10));
  }

  /** With a point after so many of the digits, where there are more. */
  private Exposition digits(long digits, int count, int before) {
    reserve(count + 1);
    int end = length + count + (before < count ? 1 : 0);
    long rest = digits;
    for (int i = count - 1, at = end - 1; i >= 0; i--, at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
      if (i == before) {
        buffer[--at] = '.';
      }
    }
    length = end;
    return this;
  }

  private static int count(long digits) {
    int count = 1;
    for (long power = 10; power <= digits; power *= 10) {
      count++;
    }
    return count;
  }

  /** A label's value with its quotes. */
  Exposition quoted(String value) {
    return put('"').escaped(value, true).put('"');
  }

  /** When the sample before was taken, in milliseconds since 1970. */
  Exposition time(long millis) {
    put(' ');
    if (!open) {
      return ascii(Long.toString(millis));
    }
    ascii(Long.toString(millis / 1000)).put('.');
    for (long rest = millis % 1000, unit = 100; unit > 0; unit /= 10) {
      put((char) ('0' + rest / unit % 10));
    }
    return this;
  }

  /** The whole text. */
  byte[] bytes() {
    if (open) {
      ascii(END);
    }
    return Arrays.copyOf(buffer, length);
  }

  /** What was written so far; goes on with nothing, in the same buffer. */
  byte[] take() {
    var taken = Arrays.copyOf(buffer, length);
    length = 0;
    return taken;
  }

  private Exposition sample(
      String name, String suffix, double value, long timestamp, String... labels) {
    ascii(name).ascii(suffix);
    if (labels.length > 0) {
      labels(labels).put('}');
    }
    put(' ').value(value);
    if (timestamp != NO_TIMESTAMP) {
      time(timestamp);
    }
    return put('\n');
  }

  private Exposition labels(String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      put(i == 0 ? '{' : ',').ascii(labels[i]).ascii("=\"").escaped(labels[i + 1], true).put('"');
    }
    return this;
  }

  /** Most values are whole numbers: they need no text of their own. */
  private Exposition value(double value) {
    long whole = (long) value;
    return whole == value && whole >= 0 && whole < MOST_EXACT
        ? decimal(whole, 0)
        : ascii(number(value));
  }

  /** As strconv.FormatFloat(value, 'g', -1, 64): an exponent from a million on and below 1e-4. */
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < PLAIN_BELOW) {
      return Long.toString((long) value);
    }
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return (value < 0 ? "-" : "") + general(Math.abs(value));
  }

  /** The shortest digits that name the number, with an exponent where Go has one. */
  private static String general(double value) {
    var text = Double.toString(value);
    int e = text.indexOf('E');
    var mantissa = e < 0 ? text : text.substring(0, e);
    int point = mantissa.indexOf('.');
    var all = mantissa.substring(0, point) + mantissa.substring(point + 1);
    int first = 0;
    while (all.charAt(first) == '0') {
      first++;
    }
    int end = all.length();
    while (all.charAt(end - 1) == '0') {
      end--;
    }
    int shift = e < 0 ? 0 : Integer.parseInt(text, e + 1, text.length(), 10);
    return general(all.substring(first, end), point - 1 - first + shift, value);
  }

  private static String general(String digits, int exponent, double value) {
    if (exponent < -4 || value >= PLAIN_BELOW) {
      return digits.charAt(0)
          + (digits.length() > 1 ? "." + digits.substring(1) : "")
          + (exponent < 0 ? "e-" : "e+")
          + (Math.abs(exponent) < 10 ? "0" : "")
          + Math.abs(exponent);
    }
    return exponent < 0
        ? "0." + "0".repeat(-exponent - 1) + digits
        : digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1);
  }

  private Exposition escaped(String text, boolean quotes) {
    if (isPlain(text)) {
      return ascii(text);
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        ascii("\\\\");
      } else if (c == '\n') {
        ascii("\\n");
      } else if (c == '"' && quotes) {
        ascii("\\\"");
      } else if (c < 0x80) {
        put(c);
      } else {
        int end = Math.min(text.length(), i + (Character.isHighSurrogate(c) ? 2 : 1));
        raw(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
      }
    }
    return this;
  }

  /** Most names and values need no escape. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f || c == '\\' || c == '"') {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("deprecation") // the one way that takes no array of its own
  Exposition ascii(String text) {
    reserve(text.length());
    text.getBytes(0, text.length(), buffer, length);
    length += text.length();
    return this;
  }

  private Exposition put(char c) {
    reserve(1);
    buffer[length++] = (byte) c;
    return this;
  }

  private void reserve(int more) {
    if (length + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
