package dev.jkubelet.node.event;

import java.time.Duration;
import java.time.Instant;

/**
 * A token bucket: so many events at once, then one whenever the refill's time has passed.
 *
 * @param tokens whole and parts
 * @param at when that was so
 */
record Allowance(double tokens, Instant at) {
  private static final int BURST = 25;
  private static final Duration REFILL = Duration.ofMinutes(5);

  static final Allowance FULL = new Allowance(BURST, Instant.EPOCH);

  Allowance refilled(Instant now) {
    double more = Duration.between(at, now).toMillis() / (double) REFILL.toMillis();
    return new Allowance(Math.min(BURST, tokens + Math.max(0, more)), now);
  }

  boolean isEmpty() {
    return tokens < 1;
  }

  /** One less, if there is one. */
  Allowance spent() {
    return isEmpty() ? this : new Allowance(tokens - 1, at);
  }
}
