package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.ProcessStreams;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command in a container and its client: starts when the client is ready, ends with the process,
 * and lets go of it when the client leaves.
 */
final class RemoteCommand {
  private static final Logger log = LoggerFactory.getLogger(RemoteCommand.class);

  private RemoteCommand() {}

  /**
   * The session of one client, to be run once.
   *
   * @param failure the words before the reason why the process could not be started
   */
  static Flow<FromClient, ToClient, NotUsed> flow(
      Supplier<CompletionStage<ProcessStreams>> start, String failure) {
    var started = new CompletableFuture<ProcessStreams>();
    return Flow.<FromClient>create()
        // Watched before what may wait for a process that reads nothing, or is not there yet.
        .watchTermination(
            (notUsed, left) -> {
              left.whenComplete(
                  (_, _) -> {
                    var _ = started.thenAccept(ProcessStreams::close);
                  });
              return notUsed;
            })
        .via(
            Flow.lazyCompletionStageFlow(
                () ->
                    start
                        .get()
                        .handle(
                            (process, cause) -> {
                              if (cause != null) {
                                return failed(failure, cause);
                              }
                              started.complete(process);
                              return running(process, failure);
                            })));
  }

  private static Flow<FromClient, ToClient, NotUsed> failed(String failure, Throwable cause) {
    return Flow.fromSinkAndSourceCoupled(
        Sink.ignore(), Source.single(new ToClient.Ended(failure(failure, cause))));
  }

  private static CommandResult failure(String words, Throwable cause) {
    var unwrapped =
        cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    log.info("{}: {}", words, unwrapped.getMessage());
    return new CommandResult.Failed(words + ": " + unwrapped.getMessage());
  }

  private static Flow<FromClient, ToClient, NotUsed> running(
      ProcessStreams process, String failure) {
    var toProcess =
        Flow.<FromClient>create().mapAsync(1, message -> tell(process, message)).to(Sink.ignore());
    var fromProcess =
        process
            .output()
            .<ToClient>map(ToClient.Written::new)
            // Lazily: the way it ended is asked after its output, not as soon as there is room.
            .concatLazy(
                Source.lazyCompletionStage(
                    () ->
                        process
                            .exitCode()
                            .handle(
                                (code, cause) -> new ToClient.Ended(result(code, failure, cause)))))
            .recover(
                new PFBuilder<Throwable, ToClient>()
                    .matchAny(cause -> new ToClient.Ended(failure(failure, cause)))
                    .build());
    return Flow.fromSinkAndSourceCoupledMat(toProcess, fromProcess, Keep.left());
  }

  private static CommandResult result(OptionalInt code, String failure, Throwable cause) {
    if (cause != null) {
      return failure(failure, cause);
    }
    return code.orElse(0) == 0
        ? new CommandResult.Success()
        : new CommandResult.Exit(code.getAsInt());
  }

  /** Ends when the process took it. What it does not want to read any more is thrown away. */
  private static CompletionStage<FromClient> tell(ProcessStreams process, FromClient message) {
    var told =
        switch (message) {
          case FromClient.Ready _ -> CompletableFuture.<Void>completedStage(null);
          case FromClient.Input(var bytes) -> process.write(bytes);
          case FromClient.InputEnd _ -> process.endInput();
          case FromClient.Resize(var size) -> process.resize(size);
        };
    return told.handle(
        (_, cause) -> {
          if (cause != null) {
            log.debug("A process did not take {}: {}", message, cause.toString());
          }
          return message;
        });
  }
}
