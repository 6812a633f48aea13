package dev.jkubelet.server;

import java.util.regex.Pattern;

/** What a {@code Range} header asks of a file (RFC 9110 §14). */
sealed interface ByteRange {
  /** All of it: no range, or several, which a server may decline. */
  record Whole() implements ByteRange {}

  /** From {@code first} to {@code last}, both included. */
  record Part(long first, long last) implements ByteRange {
    long length() {
      return last - first + 1;
    }
  }

  /** Nothing that exists; the text is Go's. */
  record Unsatisfiable(String text) implements ByteRange {}

  Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

  static ByteRange parse(String header, long size) {
    if (header.contains(",")) {
      return new Whole();
    }
    var range = ONE.matcher(header);
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return new Unsatisfiable("invalid range");
    }
    if (range.group(1).isEmpty()) {
      var suffix = Math.min(Long.parseLong(range.group(2)), size);
      return part(size - suffix, size - 1);
    }
    var first = Long.parseLong(range.group(1));
    if (first >= size) {
      return new Unsatisfiable("invalid range: failed to overlap");
    }
    if (range.group(2).isEmpty()) {
      return part(first, size - 1);
    }
    var last = Long.parseLong(range.group(2));
    return last < first
        ? new Unsatisfiable("invalid range")
        : part(first, Math.min(last, size - 1));
  }

  private static ByteRange part(long first, long last) {
    return last < first
        ? new Unsatisfiable("invalid range: failed to overlap")
        : new Part(first, last);
  }
}
