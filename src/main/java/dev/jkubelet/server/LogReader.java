package dev.jkubelet.server;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Reads a container's log; the source reads only as fast as it is asked to. */
@FunctionalInterface
public interface LogReader {
  /**
   * Opens the log when the source is run, not before.
   *
   * @param logFile the engine's file of the container
   * @param isRunning whether the container still runs; a follower ends when it does not
   */
  Source<ByteString, NotUsed> read(
      Path logFile, LogRequest request, Supplier<CompletionStage<Boolean>> isRunning);
}
