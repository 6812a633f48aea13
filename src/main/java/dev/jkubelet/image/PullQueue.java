package dev.jkubelet.image;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.Image;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Pulls so many images at a time, first come first served, and each only once however many wait for
 * it. Who waits may cancel; a pull that nobody waits for any more is not begun. Its size is bounded
 * by who waits: one entry for each container at most.
 */
final class PullQueue {
  private final ContainerRuntime runtime;
  private final int parallelism;
  private final Map<String, Pull> pulls = new HashMap<>();
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

  /** Joins the pull of that image, or queues one. Cancelling the result only ends the waiting. */
  CompletableFuture<Image> pull(ImageReference image) {
    var waiter = new CompletableFuture<Image>();
    synchronized (this) {
      var pull =
          pulls.computeIfAbsent(
              image.canonical(),
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
    CompletableFuture<Image> call;
    try {
      call = runtime.pull(pull.reference, Optional.empty()).toCompletableFuture();
    } catch (RuntimeException failure) {
      call = CompletableFuture.failedFuture(failure);
    }
    var _ = call.whenComplete((image, failure) -> end(pull, image, failure));
  }

  private void end(Pull pull, Image image, Throwable failure) {
    List<CompletableFuture<Image>> waiters;
    synchronized (this) {
      running--;
      pulls.remove(pull.key, pull);
      waiters = List.copyOf(pull.waiters);
    }
    startNext();
    for (var waiter : waiters) {
      if (failure == null) {
        waiter.complete(image);
      } else {
        waiter.completeExceptionally(
            failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
      }
    }
  }

  private synchronized void leave(Pull pull) {
    pull.waiters.removeIf(CompletableFuture::isDone);
    if (pull.waiters.isEmpty() && waiting.remove(pull)) {
      pulls.remove(pull.key, pull);
    }
  }

  /** Identity matters, not content: two pulls of one image after each other are two. */
  private static final class Pull {
    private final String key;
    private final String reference;
    private final List<CompletableFuture<Image>> waiters = new ArrayList<>();

    Pull(String key, String reference) {
      this.key = key;
      this.reference = reference;
    }
  }
}
