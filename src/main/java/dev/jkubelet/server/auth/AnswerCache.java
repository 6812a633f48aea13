package dev.jkubelet.server.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers that hold for a while. Whoever asks what is being asked already waits for that answer; a
 * failure is told to all who wait, and forgotten. Beyond its limit, what was not asked for longest
 * goes first.
 */
final class AnswerCache<K, V> {
  private static final int INITIAL_CAPACITY = 16;
  private static final float LOAD_FACTOR = 0.75f;

  private final int limit;
  private final InstantSource clock;
  private final Map<K, Entry<V>> answers = new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true);
  private final Map<K, CompletableFuture<V>> asked = new HashMap<>();

  AnswerCache(int limit, InstantSource clock) {
    this.limit = limit;
    this.clock = clock;
  }

  private record Entry<V>(V answer, Instant until) {}

  /**
   * The answer that still holds, or that of {@code ask}.
   *
   * @param lifetime of an answer; zero for one that is not to be kept
   */
  CompletionStage<V> get(K key, Supplier<CompletionStage<V>> ask, Function<V, Duration> lifetime) {
    var mine = new CompletableFuture<V>();
    synchronized (this) {
      var known = answers.get(key);
      if (known != null && clock.instant().isBefore(known.until())) {
        return CompletableFuture.completedFuture(known.answer());
      }
      var running = asked.putIfAbsent(key, mine);
      if (running != null) {
        return running.minimalCompletionStage();
      }
    }
    var _ =
        call(ask).whenComplete((answer, failure) -> settle(key, mine, answer, failure, lifetime));
    return mine.minimalCompletionStage();
  }

  private CompletionStage<V> call(Supplier<CompletionStage<V>> ask) {
    try {
      return ask.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedStage(failure);
    }
  }

  private void settle(
      K key,
      CompletableFuture<V> waiting,
      V answer,
      Throwable failure,
      Function<V, Duration> lifetime) {
    synchronized (this) {
      asked.remove(key);
      answers.remove(key);
      if (failure == null) {
        keep(key, answer, lifetime.apply(answer));
      }
    }
    if (failure == null) {
      waiting.complete(answer);
    } else {
      waiting.completeExceptionally(
          failure instanceof CompletionException wrapped && wrapped.getCause() != null
              ? wrapped.getCause()
              : failure);
    }
  }

  private void keep(K key, V answer, Duration lifetime) {
    if (!lifetime.isPositive()) {
      return;
    }
    answers.put(key, new Entry<>(answer, clock.instant().plus(lifetime)));
    if (answers.size() > limit) {
      answers.remove(answers.keySet().iterator().next());
    }
  }
}
