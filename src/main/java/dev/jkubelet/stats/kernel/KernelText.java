package dev.jkubelet.stats.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jkubelet.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * The text of one kernel file at a time, in a buffer that is used again, and a cursor that moves
 * over its lines and numbers. Not safe for several threads.
 */
public final class KernelText {
  private static final int FIRST_SIZE = 16 * 1024;
  private static final int MOST = 8 << 20;

  private MemorySegment memory = Arena.ofAuto().allocate(FIRST_SIZE);
  private byte[] bytes = new byte[FIRST_SIZE];
  private int length;
  private int at;
  private int lineEnd;

  /** Reads a file that is not kept open. False when it can't be read. */
  public boolean read(Path path) {
    int descriptor = Libc.open(path, 0);
    if (descriptor < 0) {
      return false;
    }
    try {
      return read(descriptor);
    } finally {
      Libc.close(descriptor);
    }
  }

  /** Reads it all from its start; false when it can't be read any more. */
  boolean read(int descriptor) {
    int filled = 0;
    while (true) {
      long got = Libc.read(descriptor, memory.asSlice(filled), filled);
      if (got < 0) {
        return false;
      }
      filled += (int) got;
      if (got == 0 || (filled < memory.byteSize() && isWhole(filled))) {
        break;
      }
      if (filled == memory.byteSize() && !grow(filled)) {
        break;
      }
    }
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, bytes, 0, filled);
    length = filled;
    at = 0;
    lineEnd = -1;
    return true;
  }

  /**
   * The kernel hands out whole lines, a page at a time: less than a page that ends a line is all
   * there is of a cgroup's file.
   */
  private boolean isWhole(int filled) {
    return filled < 4000 && memory.get(ValueLayout.JAVA_BYTE, filled - 1L) == '\n';
  }

  private boolean grow(int filled) {
    if (filled >= MOST) {
      return false;
    }
    var larger = Arena.ofAuto().allocate(filled * 2L);
    larger.copyFrom(memory);
    memory = larger;
    bytes = new byte[filled * 2];
    return true;
  }

  /** Goes to the next line, the first at first; false when there is none. */
  public boolean nextLine() {
    at = lineEnd + 1;
    if (at >= length) {
      return false;
    }
    lineEnd = at;
    while (lineEnd < length && bytes[lineEnd] != '\n') {
      lineEnd++;
    }
    return true;
  }

  /** Goes past the word if it comes next in the line, whole. */
  public boolean skipWord(byte[] word) {
    blanks();
    int end = at + word.length;
    if (end > lineEnd || !isBreak(end)) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (bytes[at + i] != word[i]) {
        return false;
      }
    }
    at = end;
    return true;
  }

  /** Goes past the next word, whatever it is; false when the line has no more. */
  public boolean skipWord() {
    blanks();
    int start = at;
    while (at < lineEnd && !isBlank(bytes[at])) {
      at++;
    }
    return at > start;
  }

  /** The next word of the line; empty when there is none. */
  public String word() {
    blanks();
    int start = at;
    skipWord();
    return new String(bytes, start, at - start, UTF_8);
  }

  /** Goes past that character; false, and to the line's end, when the line has none. */
  public boolean skipPast(char c) {
    while (at < lineEnd) {
      if (bytes[at++] == c) {
        return true;
      }
    }
    return false;
  }

  /** What stands before that character in the line, blanks left out; goes past it. */
  public String until(char c) {
    blanks();
    int start = at;
    return skipPast(c) ? new String(bytes, start, at - 1 - start, UTF_8) : "";
  }

  /** Whether a number comes next in the line. */
  public boolean hasNumber() {
    blanks();
    return at < lineEnd && bytes[at] >= '0' && bytes[at] <= '9';
  }

  /**
   * The next number of the line, and goes past it; 0 when something else comes. Numbers of more
   * than 63 bits, as cgroup v1 has them for "no limit", count as the largest.
   */
  public long number() {
    long value = 0;
    blanks();
    while (at < lineEnd && bytes[at] >= '0' && bytes[at] <= '9') {
      int digit = bytes[at++] - '0';
      value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
    }
    return value;
  }

  /** How many lines there are, from the first one on. */
  public int lines() {
    int lines = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        lines++;
      }
    }
    return lines;
  }

  /** A word to compare with. */
  static byte[] word(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private void blanks() {
    while (at < lineEnd && isBlank(bytes[at])) {
      at++;
    }
  }

  private boolean isBreak(int index) {
    return index == lineEnd || isBlank(bytes[index]);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
