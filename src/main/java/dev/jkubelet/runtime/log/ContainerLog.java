package dev.jkubelet.runtime.log;

import dev.jkubelet.runtime.BlockingCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * A container's log as a stream: read as fast as it is asked for and not faster, across rotation.
 */
public final class ContainerLog {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** How soon a follower sees a new line. */
  private static final Duration POLL = Duration.ofMillis(50);

  /** How many polls without news before the container itself is looked at. */
  private static final int QUIET = 10;

  private ContainerLog() {}

  /**
   * Reads a log; the file is closed when the stream ends or its reader leaves.
   *
   * @param log the newest file of the engine's json-file driver
   * @param isRunning asked while following when nothing new comes; false ends the stream
   */
  public static Source<ByteString, NotUsed> read(
      Path log,
      LogOptions options,
      BlockingCalls calls,
      Supplier<CompletionStage<Boolean>> isRunning) {
    return Source.unfoldResourceAsync(
        () -> calls.call("open log", LIMIT, () -> LogReader.open(log, options)),
        reader -> next(reader, options, calls, isRunning, 0, true),
        reader ->
            calls.call(
                "close log",
                LIMIT,
                () -> {
                  reader.close();
                  return Done.getInstance();
                }));
  }

  private static CompletionStage<Optional<ByteString>> next(
      LogReader reader,
      LogOptions options,
      BlockingCalls calls,
      Supplier<CompletionStage<Boolean>> isRunning,
      int quiet,
      boolean running) {
    if (reader.exhausted()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return calls
        .call("read log", LIMIT, reader::read)
        .thenCompose(
            piece -> {
              if (!piece.isEmpty()) {
                return CompletableFuture.completedStage(Optional.of(piece));
              }
              if (!options.follow() || !running) {
                return CompletableFuture.completedStage(Optional.empty());
              }
              if (quiet > 0 && quiet % QUIET == 0) {
                // One more read after the last word on the container: what it wrote before it died.
                return isRunning
                    .get()
                    .thenCompose(
                        still -> next(reader, options, calls, isRunning, still ? 1 : 0, still));
              }
              return CompletableFuture.supplyAsync(
                      () -> quiet + 1,
                      CompletableFuture.delayedExecutor(POLL.toMillis(), TimeUnit.MILLISECONDS))
                  .thenCompose(q -> next(reader, options, calls, isRunning, q, true));
            });
  }
}
