package dev.jkubelet.runtime.log;

import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/** Bytes on their way out, in one growing array. */
final class Output {
  private byte[] bytes = new byte[96 * 1024];
  private int size;

  void write(int b) {
    ensure(1);
    bytes[size++] = (byte) b;
  }

  void write(byte[] from, int offset, int length) {
    ensure(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  void writeCodePoint(int point) {
    if (point < 0x80) {
      write(point);
    } else if (point < 0x800) {
      write(0xC0 | point >> 6);
      write(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
      write(0xE0 | point >> 12);
      write(0x80 | (point >> 6 & 0x3F));
      write(0x80 | (point & 0x3F));
    } else {
      write(0xF0 | point >> 18);
      write(0x80 | (point >> 12 & 0x3F));
      write(0x80 | (point >> 6 & 0x3F));
      write(0x80 | (point & 0x3F));
    }
  }

  int size() {
    return size;
  }

  void cut(int newSize) {
    size = newSize;
  }

  /** What is there, handed over for good. */
  ByteString take() {
    var taken = ByteString.fromArrayUnsafe(Arrays.copyOf(bytes, size));
    size = 0;
    return taken;
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
