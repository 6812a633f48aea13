package dev.jkubelet.model.json;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;

/**
 * Escapes of JSON text as Go's encoder makes them: what HTML or JavaScript would read is escaped,
 * and hexadecimal is lower case.
 */
public final class GoEscapes extends CharacterEscapes {
  private static final long serialVersionUID = 1L;
  private static final int LINE_SEPARATOR = 0x2028;
  private static final int PARAGRAPH_SEPARATOR = 0x2029;

  private final int[] ascii = standardAsciiEscapesForJSON();

  public GoEscapes() {
    for (int c = 0; c < ' '; c++) {
      if (c != '\n' && c != '\r' && c != '\t') {
        ascii[c] = ESCAPE_CUSTOM;
      }
    }
    for (char c : new char[] {'<', '>', '&'}) {
      ascii[c] = ESCAPE_CUSTOM;
    }
  }

  @Override
  public int[] getEscapeCodesForAscii() {
    return ascii;
  }

  @Override
  public SerializableString getEscapeSequence(int c) {
    return c < 0x80 || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR
        ? new SerializedString(String.format("\\u%04x", c))
        : null;
  }
}
