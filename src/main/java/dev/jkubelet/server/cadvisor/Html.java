package dev.jkubelet.server.cadvisor;

import org.apache.pekko.util.ByteString;

/**
 * HTML, written element by element. Names come from containers and so from strangers: every text
 * and every attribute's value is escaped here, and nothing can be put in otherwise.
 */
final class Html {
  private final StringBuilder out = new StringBuilder(8192);

  /**
   * Opens an element.
   *
   * @param attributes name, value, name, value…
   */
  Html open(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
    out.append('>');
    return this;
  }

  Html text(String text) {
    escape(text);
    return this;
  }

  Html close(String tag) {
    out.append("</").append(tag).append(">\n");
    return this;
  }

  /** An element with nothing but text in it. */
  Html leaf(String tag, String text, String... attributes) {
    open(tag, attributes).text(text);
    out.append("</").append(tag).append('>');
    return this;
  }

  Html link(String href, String text) {
    return leaf("a", text, "href", href);
  }

  ByteString bytes() {
    return ByteString.fromString(out.toString());
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&#34;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
  }
}
