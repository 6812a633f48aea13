package dev.jkubelet.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long a container that ended waits for its next start: nothing at first, then 10 s, doubling
 * to 300 s; after ten minutes without an end it begins anew. A value per container and spec; absent
 * before the first restart.
 *
 * @param delay from one end to the next start
 * @param lastRestart when it was last started after an end
 */
public record Backoff(Duration delay, Instant lastRestart) {
  /** After the first restart. */
  public static final Duration INITIAL = Duration.ofSeconds(10);

  /** The longest. */
  public static final Duration CAP = Duration.ofMinutes(5);

  private static final Duration STABLE = CAP.multipliedBy(2);

  /**
   * What holds once a container that ended at {@code endedAt} is started again {@code now}.
   *
   * @param previous what held until now
   */
  public static Backoff next(Optional<Backoff> previous, Instant endedAt, Instant now) {
    var delay =
        previous
            .filter(p -> !p.overAt(endedAt))
            .map(p -> shorter(p.delay.multipliedBy(2), CAP))
            .orElse(INITIAL);
    return new Backoff(delay, now);
  }

  /** When a container that ended then may start again. */
  public Instant until(Instant endedAt) {
    return overAt(endedAt) ? endedAt : endedAt.plus(delay);
  }

  /** The status' message meanwhile. */
  public String message(String container, PodKey pod) {
    return "back-off %s restarting failed container=%s pod=%s"
        .formatted(text(delay), container, pod);
  }

  private boolean overAt(Instant endedAt) {
    return Duration.between(lastRestart, endedAt).compareTo(STABLE) > 0;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** As Go prints whole seconds up to an hour: {@code 40s}, {@code 1m20s}, {@code 5m0s}. */
  private static String text(Duration delay) {
    long minutes = delay.toMinutes();
    return (minutes > 0 ? minutes + "m" : "") + delay.toSecondsPart() + "s";
  }
}
