package dev.jkubelet.runtime.log;

import java.util.Arrays;
import org.apache.pekko.util.ByteString;

/** Bytes on their way out. {@link #ensure} comes before any append: appends don't check. */
final class OutputBuffer {
  private byte[] bytes;
  private int length;

  OutputBuffer(int capacity) {
    this.bytes = new byte[capacity];
  }

  void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  void append(byte[] from, int offset, int count) {
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
  }

  void append(int value) {
    bytes[length++] = (byte) value;
  }

  /** Leaves room for bytes that are known later, see {@link #fill}. */
  void skip(int count) {
    length += count;
  }

  void fill(int at, byte[] with) {
    System.arraycopy(with, 0, bytes, at, with.length);
  }

  void truncate(int newLength) {
    length = newLength;
  }

  int length() {
    return length;
  }

  boolean isEmpty() {
    return length == 0;
  }

  boolean endsLine() {
    return length > 0 && bytes[length - 1] == '\n';
  }

  /** The bytes, without a copy where they fill the buffer well enough; don't append afterwards. */
  ByteString toByteString() {
    var worthKeeping = length >= bytes.length / 2;
    return ByteString.fromArrayUnsafe(
        worthKeeping ? bytes : Arrays.copyOf(bytes, length), 0, length);
  }
}
