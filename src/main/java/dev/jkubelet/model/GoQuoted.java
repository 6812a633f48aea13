package dev.jkubelet.model;

/** Names in messages, as Go's {@code %q} writes them. */
public final class GoQuoted {
  private GoQuoted() {}

  /** In double quotes, on one line. */
  public static String of(String text) {
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
