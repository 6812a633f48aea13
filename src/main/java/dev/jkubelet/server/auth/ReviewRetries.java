package dev.jkubelet.server.auth;

import dev.jkubelet.cluster.ApiFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks the API server again while it is in trouble, as the kubelet's webhooks do
 * (DefaultAuthWebhookRetryBackoff): five times at most, the pauses half a second at first, each
 * half as long again as the one before and up to a fifth longer by chance; longer where the server
 * asks for it.
 */
final class ReviewRetries {
  private static final int TRIES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  /** Who is asked to stay away for longer than this has its answer: it failed. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Function<Duration, Executor> after;

  /**
   * @param after runs things that much later
   */
  ReviewRetries(Function<Duration, Executor> after) {
    this.after = after;
  }

  static ReviewRetries inRealTime() {
    return new ReviewRetries(
        pause -> CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS));
  }

  <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> review) {
    return ask(review, TRIES, FIRST_PAUSE);
  }

  private <T> CompletionStage<T> ask(
      Supplier<CompletionStage<T>> review, int tries, Duration pause) {
    return review
        .get()
        .exceptionallyCompose(
            failure -> {
              var cause =
                  failure instanceof CompletionException && failure.getCause() != null
                      ? failure.getCause()
                      : failure;
              if (tries == 1 || !(cause instanceof ApiFailure trouble) || !trouble.passing()) {
                return CompletableFuture.failedStage(cause);
              }
              var wanted = trouble.retryAfter().orElse(Duration.ZERO);
              if (wanted.compareTo(LONGEST_PAUSE) > 0) {
                return CompletableFuture.failedStage(cause);
              }
              var wait = wanted.compareTo(pause) > 0 ? wanted : spread(pause);
              return CompletableFuture.supplyAsync(() -> null, after.apply(wait))
                  .thenCompose(_ -> ask(review, tries - 1, pause.multipliedBy(3).dividedBy(2)));
            });
  }

  private static Duration spread(Duration pause) {
    return pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 5 + 1));
  }
}
