package dev.jkubelet.model.manifest;

/** Untrusted text in messages: in double quotes, one line, no control characters, bounded. */
final class Quoted {
  private static final int LONGEST = 120;

  private Quoted() {}

  static String of(String text) {
    var shown = new StringBuilder("\"");
    text.codePoints().limit(LONGEST).forEach(c -> append(shown, c));
    return shown.append(text.codePointCount(0, text.length()) > LONGEST ? "…\"" : "\"").toString();
  }

  /** The first line of a parser's complaint, which may repeat what it read. */
  static String complaint(String text) {
    if (text == null) {
      return "no reason given";
    }
    var shown = new StringBuilder();
    text.lines()
        .findFirst()
        .orElse("")
        .strip()
        .codePoints()
        .limit(LONGEST * 2)
        .map(c -> printable(c) ? c : '?')
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    switch (c) {
      case '"' -> shown.append("\\\"");
      case '\\' -> shown.append("\\\\");
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      case '\t' -> shown.append("\\t");
      default -> {
        if (printable(c)) {
          shown.appendCodePoint(c);
        } else {
          shown.append(String.format("\\u%04x", c));
        }
      }
    }
  }

  private static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE ->
          false;
      default -> true;
    };
  }
}
