package dev.jkubelet.cluster;

import java.time.Duration;
import java.util.concurrent.CompletionException;

/**
 * How long to wait before the API server is asked again: doubling from {@code first} to {@code
 * cap}, longer where the server wants it.
 *
 * @param first after the first failure
 */
public record RetryDelay(Duration first, Duration cap) {
  private static final int MOST_DOUBLINGS = 30;
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

  /**
   * The wait after a failure.
   *
   * @param failures in a row, at least 1
   */
  public Duration after(int failures, Throwable failure) {
    var doubled = first.multipliedBy(1L << Math.min(MOST_DOUBLINGS, failures - 1));
    return longer(doubled.compareTo(cap) > 0 ? cap : doubled, failure);
  }

  /**
   * As {@link #after}, up to half of it more, so that many who failed together don't come again
   * together.
   *
   * @param random from 0 to 1
   */
  public Duration jittered(int failures, Throwable failure, double random) {
    var delay = after(failures, failure);
    return delay.plusMillis((long) (delay.toMillis() * random / 2));
  }

  /** {@code delay}, or what the server asked for where that is longer; five minutes at most. */
  public static Duration longer(Duration delay, Throwable failure) {
    return ofFailure(failure)
        .retryAfter()
        .map(asked -> asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked)
        .filter(asked -> asked.compareTo(delay) > 0)
        .orElse(delay);
  }

  /** What a stage failed with; anything unexpected counts as no answer. */
  public static ApiFailure ofFailure(Throwable failure) {
    return switch (failure) {
      case ApiFailure known -> known;
      case CompletionException wrapper when wrapper.getCause() != null ->
          ofFailure(wrapper.getCause());
      default -> new ApiFailure(0, "", String.valueOf(failure), Duration.ZERO, failure);
    };
  }
}
