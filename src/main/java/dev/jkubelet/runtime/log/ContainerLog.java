package dev.jkubelet.runtime.log;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** What a container wrote to its standard output and error. */
public final class ContainerLog {
  private ContainerLog() {}

  /**
   * Streams a container's log as the container wrote it, in pieces that have nothing to do with
   * lines. Reads as fast as it is asked to, one piece ahead, on virtual threads of its own; holds
   * less than a megabyte. Rotated files are part of the log. They are held open, a hundred at most,
   * as soon as they are seen, so that a slow reader loses nothing to rotation; only files that the
   * engine makes and removes again within a few milliseconds may be missed. Malformed lines are
   * skipped.
   *
   * <p>Fails with {@link java.nio.file.NoSuchFileException} when there is no log file. Ends when
   * all is read; when following, once the container has ended; and its files are closed as soon as
   * downstream cancels.
   *
   * @param logFile the file being written, of Docker's json-file format, or a link to it
   * @param isRunning whether the container runs, asked only when following: at the end of the file,
   *     and then every second while nothing comes. Must not block. A failure counts as yes, for as
   *     long as the log file exists.
   */
  public static Source<ByteString, NotUsed> read(
      Path logFile, LogOptions options, Supplier<CompletionStage<Boolean>> isRunning) {
    return Source.fromGraph(new LogSource(logFile, options, isRunning));
  }
}
