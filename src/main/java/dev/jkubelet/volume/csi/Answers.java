package dev.jkubelet.volume.csi;

import dev.jkubelet.grpc.GrpcFailure;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Waits for a plugin's answer, on a thread that may. */
final class Answers {
  private Answers() {}

  /** The stage ends in time by itself. */
  static <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof GrpcFailure told
          ? told
          : new GrpcFailure(
              GrpcFailure.Code.UNKNOWN, String.valueOf(failure.getCause()), failure.getCause());
    }
  }
}
