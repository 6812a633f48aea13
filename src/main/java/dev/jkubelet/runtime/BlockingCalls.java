package dev.jkubelet.runtime;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where blocking calls run: a virtual thread each, so many at a time, each with a time limit after
 * which its thread is interrupted and its stage fails with a {@link TimeoutException}. A call that
 * ignores the interrupt keeps its slot until it returns. An answer that comes too late is closed if
 * it can be: nobody else will.
 */
public final class BlockingCalls {
  private final int concurrency;
  private final Semaphore slots;
  private final ScheduledExecutorService limits;

  public BlockingCalls(int concurrency) {
    this(concurrency, ForkJoinPool.commonPool());
  }

  /**
   * The same with limits watched elsewhere.
   *
   * @param limits forgets what is cancelled
   */
  BlockingCalls(int concurrency, ScheduledExecutorService limits) {
    this.concurrency = concurrency;
    this.slots = new Semaphore(concurrency, true);
    this.limits = limits;
  }

  /** Calls that run now. */
  public int running() {
    return concurrency - slots.availablePermits();
  }

  /** Calls that wait until another has ended. */
  public int waiting() {
    return slots.getQueueLength();
  }

  /** Runs {@code call}; the time limit counts from now, waiting for a slot included. */
  public <T> CompletionStage<T> call(String what, Duration limit, Callable<T> call) {
    var result = new CompletableFuture<T>();
    var thread = Thread.ofVirtual().name(what).start(() -> run(call, result));
    var overdue =
        limits.schedule(
            () -> {
              if (result.completeExceptionally(
                  new TimeoutException(what + ": no answer within " + limit))) {
                thread.interrupt();
              }
            },
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    // An answer that nobody waits for any more must not stay in memory until its limit passes.
    var _ = result.whenComplete((_, _) -> overdue.cancel(false));
    return result;
  }

  /** Who waits for the answer goes on when the slot is free again: that is no part of the call. */
  private <T> void run(Callable<T> call, CompletableFuture<T> result) {
    try {
      var answer = inSlot(call);
      if (!result.complete(answer) && answer instanceof AutoCloseable late) {
        late.close();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      result.completeExceptionally(interrupted);
    } catch (Throwable failure) {
      result.completeExceptionally(failure);
    }
  }

  private <T> T inSlot(Callable<T> call) throws Exception {
    slots.acquire();
    try {
      return call.call();
    } finally {
      slots.release();
    }
  }
}
