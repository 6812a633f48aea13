package dev.jkubelet.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much is read at a time for each of the streams that share it: the more of them there are, the
 * less. Any of them may have a reader that stops reading, and what all of them hold has to fit into
 * the heap.
 */
public final class PieceSize {
  static final int MIN = 4 << 10;
  static final int MAX = 128 << 10;

  /** Of one piece of each stream. */
  private static final int TOTAL = 4 << 20;

  private final AtomicInteger streams = new AtomicInteger();

  int bytes() {
    return Math.clamp(TOTAL / Math.max(1, streams.get()), MIN, MAX);
  }

  void opened() {
    streams.incrementAndGet();
  }

  void closed() {
    streams.decrementAndGet();
  }
}
