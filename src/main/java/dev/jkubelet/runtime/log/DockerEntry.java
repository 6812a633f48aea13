package dev.jkubelet.runtime.log;

/**
 * Parses entries of Docker's json-file format, {@code {"log":"…","stream":"stdout","time":"…"}},
 * unescaping the log straight into the output. Other fields ({@code attrs}) and other orders are
 * fine; an entry without {@code log} wrote nothing. One instance serves one reader: it remembers
 * the last entry's time.
 */
final class DockerEntry {
  private static final int REPLACEMENT = 0xFFFD;

  private byte[] line = {};
  private int at;
  private int end;
  private int timeFrom;
  private int timeTo;

  /**
   * Appends what the entry in [from, to) logged; the output needs room for the entry's own length.
   *
   * @return false when it is malformed; then the output may have got a part of it
   */
  boolean decode(byte[] in, int from, int to, OutputBuffer out) {
    line = in;
    at = from;
    end = to;
    timeFrom = 0;
    timeTo = 0;
    if (!take('{')) {
      return false;
    }
    do {
      if (!field(out)) {
        return false;
      }
    } while (take(','));
    return take('}') && timeTo > 0 && onlySpaceLeft();
  }

  /** Where the last entry's time starts in the array it was decoded from. */
  int timeFrom() {
    return timeFrom;
  }

  int timeTo() {
    return timeTo;
  }

  private boolean field(OutputBuffer out) {
    if (!take('"')) {
      return false;
    }
    int keyFrom = at;
    if (!skipString()) {
      return false;
    }
    int keyTo = at - 1;
    if (!take(':')) {
      return false;
    }
    if (isKey(keyFrom, keyTo, "log")) {
      return take('"') && unescape(out);
    }
    if (isKey(keyFrom, keyTo, "time")) {
      return take('"') && time();
    }
    return skipValue();
  }

  private boolean time() {
    timeFrom = at;
    boolean closed = skipString();
    timeTo = at - 1;
    return closed;
  }

  private boolean isKey(int from, int to, String key) {
    if (to - from != key.length()) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      if (line[from + i] != key.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean unescape(OutputBuffer out) {
    while (true) {
      int stop = ByteScan.quoteOrBackslash(line, at, end);
      if (stop == end) {
        return false;
      }
      out.append(line, at, stop - at);
      at = stop + 1;
      if (line[stop] == '"') {
        return true;
      }
      if (!escape(out)) {
        return false;
      }
    }
  }

  private boolean escape(OutputBuffer out) {
    if (at == end) {
      return false;
    }
    int code =
        switch (line[at++]) {
          case 'n' -> '\n';
          case 't' -> '\t';
          case 'r' -> '\r';
          case 'b' -> '\b';
          case 'f' -> '\f';
          case '"' -> '"';
          case '\\' -> '\\';
          case '/' -> '/';
          case 'u' -> codePoint();
          default -> -1;
        };
    if (code >= 0) {
      utf8(code, out);
    }
    return code >= 0;
  }

  /** A surrogate without its other half becomes U+FFFD, as in Go's decoder. */
  private int codePoint() {
    int unit = hex4(at);
    if (unit < 0) {
      return -1;
    }
    at += 4;
    if (!Character.isSurrogate((char) unit)) {
      return unit;
    }
    if (end - at >= 6 && line[at] == '\\' && line[at + 1] == 'u') {
      int low = hex4(at + 2);
      if (low >= 0 && Character.isSurrogatePair((char) unit, (char) low)) {
        at += 6;
        return Character.toCodePoint((char) unit, (char) low);
      }
    }
    return REPLACEMENT;
  }

  private int hex4(int from) {
    if (end - from < 4) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(line[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  private static void utf8(int code, OutputBuffer out) {
    if (code < 0x80) {
      out.append(code);
    } else if (code < 0x800) {
      out.append(0xC0 | (code >> 6));
      out.append(continuation(code));
    } else if (code < 0x10000) {
      out.append(0xE0 | (code >> 12));
      out.append(continuation(code >> 6));
      out.append(continuation(code));
    } else {
      out.append(0xF0 | (code >> 18));
      out.append(continuation(code >> 12));
      out.append(continuation(code >> 6));
      out.append(continuation(code));
    }
  }

  private static int continuation(int bits) {
    return 0x80 | (bits & 0x3F);
  }

  /** Objects and arrays by counting brackets: what they hold is nobody's concern. */
  private boolean skipValue() {
    int depth = 0;
    while (at < end) {
      byte next = line[at];
      if (depth == 0 && (next == ',' || next == '}')) {
        return true;
      }
      at++;
      switch (next) {
        case '"' -> {
          if (!skipString()) {
            return false;
          }
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
    }
    return false;
  }

  private boolean skipString() {
    while (true) {
      int stop = ByteScan.quoteOrBackslash(line, at, end);
      if (stop == end) {
        return false;
      }
      at = stop + 1;
      if (line[stop] == '"') {
        return true;
      }
      at = Math.min(at + 1, end);
    }
  }

  private boolean take(char expected) {
    skipSpace();
    if (at < end && line[at] == expected) {
      at++;
      return true;
    }
    return false;
  }

  private boolean onlySpaceLeft() {
    skipSpace();
    return at == end;
  }

  private void skipSpace() {
    while (at < end && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r')) {
      at++;
    }
  }
}
