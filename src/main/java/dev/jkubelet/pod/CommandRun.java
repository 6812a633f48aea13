package dev.jkubelet.pod;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.Output;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.runtime.StandardStreams;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/**
 * A command run inside a container to its end, within a time limit: CRI's ExecSync. One that
 * overruns it is killed.
 */
final class CommandRun {
  /** As much output as the kubelet's probes keep. */
  private static final int MAX_OUTPUT = 10 << 10;

  private static final StandardStreams OUTPUT = new StandardStreams(false, true, true, false);

  private final ActorSystem<?> system;
  private final ContainerRuntime runtime;

  CommandRun(ActorSystem<?> system, ContainerRuntime runtime) {
    this.system = system;
    this.runtime = runtime;
  }

  /**
   * How it went.
   *
   * @param exitCode empty when the engine can't say
   * @param stdout the first of what it wrote there
   */
  record Result(OptionalInt exitCode, String stdout, String stderr) {
    String output() {
      return stdout + stderr;
    }
  }

  /** Fails with a {@link TimeoutException}, or as the engine does. */
  CompletionStage<Result> run(String containerId, List<String> command, Duration limit) {
    var result = new CompletableFuture<Result>();
    var overdue =
        system
            .scheduler()
            .scheduleOnce(
                limit,
                () ->
                    result.completeExceptionally(
                        new TimeoutException(
                            "command \"" + String.join(" ", command) + "\" timed out")),
                system.executionContext());
    var _ = result.whenComplete((_, _) -> overdue.cancel());
    runtime
        .exec(containerId, command, OUTPUT)
        .thenCompose(process -> toEnd(process, result))
        .whenComplete(
            (ended, failure) -> {
              if (failure == null) {
                result.complete(ended);
              } else {
                result.completeExceptionally(ContainerCalls.cause(failure));
              }
            });
    return result;
  }

  /** Whoever is done with {@code wanted} lets go of the process, which ends it if it still runs. */
  private CompletionStage<Result> toEnd(ProcessStreams process, CompletableFuture<Result> wanted) {
    var _ = wanted.whenComplete((_, _) -> process.close());
    return process
        .output()
        .runWith(Sink.fold(Written.NOTHING, Written::and), system)
        .thenCompose(
            all ->
                process
                    .exitCode()
                    .thenApply(
                        code -> new Result(code, all.out().utf8String(), all.err().utf8String())));
  }

  private record Written(ByteString out, ByteString err) {
    private static final Written NOTHING =
        new Written(ByteString.emptyByteString(), ByteString.emptyByteString());

    private Written and(Output piece) {
      var some = piece.bytes().take(MAX_OUTPUT - out.size() - err.size());
      return switch (piece.stream()) {
        case STDOUT -> new Written(out.concat(some), err);
        case STDERR -> new Written(out, err.concat(some));
      };
    }
  }
}
