package dev.jkubelet.stats;

import java.util.Arrays;

/** An immutable list of numbers that costs what an array costs. */
public final class LongValues {
  /** No numbers. */
  public static final LongValues NONE = new LongValues(new long[0]);

  private final long[] values;

  private LongValues(long[] values) {
    this.values = values;
  }

  /** The first {@code count} of {@code values}, copied. */
  public static LongValues of(long[] values, int count) {
    return count == 0 ? NONE : new LongValues(Arrays.copyOf(values, count));
  }

  /** These numbers. */
  public static LongValues of(long... values) {
    return of(values, values.length);
  }

  public int size() {
    return values.length;
  }

  public long get(int index) {
    return values[index];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LongValues longs && Arrays.equals(values, longs.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
