package dev.jkubelet.server;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads and processes bring about. */
final class Soon {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Soon() {}

  static void holds(BooleanSupplier condition) {
    holds(condition, () -> "not within " + LIMIT);
  }

  static void holds(BooleanSupplier condition, Supplier<String> otherwise) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(otherwise.get());
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
