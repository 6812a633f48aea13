package dev.jkubelet.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where blocking calls run: a virtual thread each, so many at a time, each with a time limit after
 * which its thread is interrupted and its stage fails with a {@link TimeoutException}. A call that
 * ignores the interrupt keeps its slot until it returns.
 */
public final class BlockingCalls {
  private final Semaphore slots;

  public BlockingCalls(int concurrency) {
    this.slots = new Semaphore(concurrency, true);
  }

  /** Runs {@code call}; the time limit counts from now, waiting for a slot included. */
  public <T> CompletionStage<T> call(String what, Duration limit, Callable<T> call) {
    var result = new CompletableFuture<T>();
    var thread = Thread.ofVirtual().name(what).start(() -> run(call, result));
    CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (result.completeExceptionally(
                  new TimeoutException(what + ": no answer within " + limit))) {
                thread.interrupt();
              }
            });
    return result;
  }

  private <T> void run(Callable<T> call, CompletableFuture<T> result) {
    try {
      slots.acquire();
      try {
        result.complete(call.call());
      } finally {
        slots.release();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      result.completeExceptionally(interrupted);
    } catch (Throwable failure) {
      result.completeExceptionally(failure);
    }
  }
}
