package dev.jkubelet.cluster;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.jkubelet.cluster.CallRates.Rate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Lets callers pass at a rate, in the order in which they came. */
final class CallTurns {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final long step;
  private final long rest;
  private boolean begun;
  private long last;

  CallTurns(Rate rate) {
    step = rate.perSecond() == 0 ? 0 : SECOND / rate.perSecond();
    rest = step * Math.max(1, rate.burst());
  }

  /** Blocks until it is the caller's turn. */
  void await() throws InterruptedException {
    long wait = next(System.nanoTime());
    if (wait > 0) {
      try {
        new CompletableFuture<Void>().completeOnTimeout(null, wait, NANOSECONDS).get();
      } catch (ExecutionException never) {
        throw new IllegalStateException(never);
      }
    }
  }

  /**
   * Takes a turn.
   *
   * @param now in nanoseconds, never less than before
   * @return how long it takes to come, in nanoseconds
   */
  synchronized long next(long now) {
    if (step == 0) {
      return 0;
    }
    last = (begun ? Math.max(last, now - rest) : now - rest) + step;
    begun = true;
    return Math.max(0, last - now);
  }
}
