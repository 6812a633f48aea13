package dev.jkubelet.pod;

import dev.jkubelet.model.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A step that failed and will be tried again.
 *
 * @param waiting what a container's status says meanwhile; empty when the failure is the engine's,
 *     not the container's
 * @param later what it says from {@code laterAt} on: the kubelet turns ErrImagePull into
 *     ImagePullBackOff
 * @param delay the wait that led to {@code retryAt}, to be doubled if the next try fails too
 */
record Setback(
    Optional<Waiting> waiting,
    Optional<Waiting> later,
    Instant laterAt,
    Instant retryAt,
    Duration delay) {

  private static final Duration FIRST_ENGINE_DELAY = Duration.ofSeconds(1);
  private static final Duration LAST_ENGINE_DELAY = Duration.ofSeconds(10);

  /** How long ErrImagePull stands before it is called a back-off. */
  private static final Duration FRESH = Duration.ofSeconds(2);

  /**
   * How often a container's own error (a bad image name, a missing reference) is looked at again.
   */
  private static final Duration CONFIG_RETRY = Duration.ofSeconds(10);

  /** The engine's failure: 1 s, doubling to 10 s. */
  static Setback ofEngine(Optional<Setback> last, Instant now) {
    var delay =
        last.filter(s -> s.waiting().isEmpty())
            .map(s -> s.delay().multipliedBy(2))
            .orElse(FIRST_ENGINE_DELAY);
    var bounded = delay.compareTo(LAST_ENGINE_DELAY) > 0 ? LAST_ENGINE_DELAY : delay;
    return new Setback(Optional.empty(), Optional.empty(), now, now.plus(bounded), bounded);
  }

  /** The container's own failure, not worth a back-off. */
  static Setback ofContainer(Waiting waiting, Instant now) {
    return new Setback(
        Optional.of(waiting), Optional.empty(), now, now.plus(CONFIG_RETRY), CONFIG_RETRY);
  }

  /** A failed pull: 10 s, doubling to 300 s (the kubelet's image back-off). */
  static Setback ofPull(Waiting failed, Waiting backingOff, Optional<Setback> last, Instant now) {
    var delay =
        last.filter(s -> s.later().isPresent())
            .map(s -> s.delay().multipliedBy(2))
            .orElse(Backoff.INITIAL);
    var bounded = delay.compareTo(Backoff.CAP) > 0 ? Backoff.CAP : delay;
    return new Setback(
        Optional.of(failed), Optional.of(backingOff), now.plus(FRESH), now.plus(bounded), bounded);
  }

  Optional<Waiting> waitingAt(Instant now) {
    return later.isPresent() && !now.isBefore(laterAt) ? later : waiting;
  }

  /** When something changes next: the words, or the time to try again. */
  Instant nextChange(Instant now) {
    return later.isPresent() && now.isBefore(laterAt) ? laterAt : retryAt;
  }
}
