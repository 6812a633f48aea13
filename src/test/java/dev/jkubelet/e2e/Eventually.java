package dev.jkubelet.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another process brings about. */
final class Eventually {
  private Eventually() {}

  static void holds(
      String what, Duration limit, BooleanSupplier condition, Supplier<String> state) {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (RuntimeException notYet) {
        // A port that does not listen yet, a file that is not there: looked at again.
        LockSupport.parkNanos(1);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    throw new AssertionError(what + ": not within " + limit + "\n" + state.get());
  }
}
