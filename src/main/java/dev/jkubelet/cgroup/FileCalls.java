package dev.jkubelet.cgroup;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Blocking file calls as stages that fail with the call's own exception. */
final class FileCalls {
  private FileCalls() {}

  static <T> CompletionStage<T> supply(Executor executor, Callable<T> call) {
    var result = new CompletableFuture<T>();
    executor.execute(
        () -> {
          try {
            result.complete(call.call());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }

  static CompletionStage<Void> run(Executor executor, Action action) {
    return supply(
        executor,
        () -> {
          action.run();
          return null;
        });
  }

  /** A call without a result. */
  interface Action {
    void run() throws Exception;
  }
}
