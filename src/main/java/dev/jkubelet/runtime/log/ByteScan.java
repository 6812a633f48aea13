package dev.jkubelet.runtime.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Searches for single bytes, eight at a time. */
final class ByteScan {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long NEWLINES = ONES * '\n';
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';

  private ByteScan() {}

  /** Where the first newline in [from, to) is; {@code to} when there is none. */
  static int newline(byte[] in, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long found = zeros((long) LONGS.get(in, at) ^ NEWLINES);
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && in[at] != '\n') {
      at++;
    }
    return at;
  }

  /** Where a JSON string in [from, to) ends or has an escape; {@code to} when it does neither. */
  static int quoteOrBackslash(byte[] in, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long word = (long) LONGS.get(in, at);
      long found = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES);
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && in[at] != '"' && in[at] != '\\') {
      at++;
    }
    return at;
  }

  /** The lowest bit set marks the lowest zero byte; higher ones may be wrong. */
  private static long zeros(long word) {
    return (word - ONES) & ~word & HIGHS;
  }
}
