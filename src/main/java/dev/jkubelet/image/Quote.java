package dev.jkubelet.image;

/** Names in messages, as Go's {@code %q} writes them. */
final class Quote {
  private Quote() {}

  static String go(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> quoted.append(escaped(c)));
    return quoted.append('"').toString();
  }

  private static String escaped(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> Character.isISOControl(c) ? String.format("\\x%02x", c) : Character.toString(c);
    };
  }
}
