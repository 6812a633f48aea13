package dev.jkubelet.image;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.PullProgress;
import dev.jkubelet.runtime.RegistryCredentials;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Pulls so many images at a time, first come first served, and each only once however many wait for
 * it with the same credentials: nobody gets an image on another's. Who waits may cancel; a pull
 * that nobody waits for any more is not begun. Its size is bounded by who waits: one entry for each
 * container at most.
 */
final class PullQueue {
  private final ContainerRuntime runtime;
  private final int parallelism;
  private final Map<Wish, Pull> pulls = new HashMap<>();
  private final Queue<Pull> waiting = new ArrayDeque<>();
  private int running;

  PullQueue(ContainerRuntime runtime, int parallelism) {
    if (parallelism < 1) {
      throw new IllegalArgumentException(
          "parallel image pulls: expected 1 or more, got " + parallelism);
    }
    this.runtime = runtime;
    this.parallelism = parallelism;
  }

  private record Wish(String image, List<RegistryCredentials> candidates) {}

  /**
   * Joins the pull of that image, or queues one. Cancelling the result only ends the waiting.
   *
   * @param candidates tried one after the other; none to ask as nobody
   * @param listener hears how far the pull is, as long as the result is waited for
   */
  CompletableFuture<Image> pull(
      ImageReference image, List<RegistryCredentials> candidates, Consumer<PullProgress> listener) {
    var waiter = new Waiter(listener);
    synchronized (this) {
      var pull =
          pulls.computeIfAbsent(
              new Wish(image.canonical(), candidates),
              key -> {
                var queued = new Pull(key, image.withDefaultTag());
                waiting.add(queued);
                return queued;
              });
      pull.waiters.add(waiter);
      var _ = waiter.whenComplete((_, _) -> leave(pull));
    }
    startNext();
    return waiter;
  }

  private void startNext() {
    for (var pull = takeNext(); pull.isPresent(); pull = takeNext()) {
      start(pull.get());
    }
  }

  private synchronized Optional<Pull> takeNext() {
    if (running == parallelism || waiting.isEmpty()) {
      return Optional.empty();
    }
    running++;
    return Optional.of(waiting.remove());
  }

  private void start(Pull pull) {
    var _ = tryFrom(0, pull, List.of()).whenComplete((image, failure) -> end(pull, image, failure));
  }

  private CompletionStage<Image> tryFrom(int next, Pull pull, List<Throwable> failures) {
    var candidates = pull.wish.candidates();
    if (next > 0 && next >= candidates.size()) {
      return CompletableFuture.failedStage(
          failures.size() == 1 ? failures.getFirst() : new PullRefused(failures));
    }
    return call(pull, candidates.stream().skip(next).findFirst())
        .exceptionallyCompose(
            failure ->
                tryFrom(
                    next + 1,
                    pull,
                    Stream.concat(failures.stream(), Stream.of(cause(failure))).toList()));
  }

  private CompletionStage<Image> call(Pull pull, Optional<RegistryCredentials> credentials) {
    try {
      return runtime.pull(pull.reference, credentials, progress -> tell(pull, progress));
    } catch (RuntimeException failure) {
      return CompletableFuture.failedStage(failure);
    }
  }

  private void tell(Pull pull, PullProgress progress) {
    List<Waiter> waiters;
    synchronized (this) {
      waiters = List.copyOf(pull.waiters);
    }
    waiters.forEach(waiter -> waiter.listener.accept(progress));
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private void end(Pull pull, Image image, Throwable failure) {
    List<Waiter> waiters;
    synchronized (this) {
      running--;
      pulls.remove(pull.wish, pull);
      waiters = List.copyOf(pull.waiters);
    }
    startNext();
    for (var waiter : waiters) {
      if (failure == null) {
        waiter.complete(image);
      } else {
        waiter.completeExceptionally(cause(failure));
      }
    }
  }

  private synchronized void leave(Pull pull) {
    pull.waiters.removeIf(CompletableFuture::isDone);
    if (pull.waiters.isEmpty() && waiting.remove(pull)) {
      pulls.remove(pull.wish, pull);
    }
  }

  private static final class Waiter extends CompletableFuture<Image> {
    private final Consumer<PullProgress> listener;

    private Waiter(Consumer<PullProgress> listener) {
      this.listener = listener;
    }
  }

  /** Identity matters, not content: two pulls of one image after each other are two. */
  private static final class Pull {
    private final Wish wish;
    private final String reference;
    private final List<Waiter> waiters = new ArrayList<>();

    Pull(Wish wish, String reference) {
      this.wish = wish;
      this.reference = reference;
    }
  }
}
