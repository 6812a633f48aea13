package dev.jkubelet.runtime;

import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The streams of a process in a container, held by a connection to the engine until closed. */
public interface ProcessStreams extends AutoCloseable {
  /**
   * What the process writes, to be run once. Ends when the process has closed its streams; the
   * process is held up while nobody takes its output.
   */
  Source<Output, NotUsed> output();

  /**
   * Writes to stdin, one call at a time; ends when the engine took the bytes. Fails with an {@link
   * java.io.IOException} when nobody reads them any more.
   */
  CompletionStage<Void> write(ByteString bytes);

  /** Closes stdin: the process reads its end. Output goes on. */
  CompletionStage<Void> endInput();

  /** Resizes the terminal; without one nothing happens. */
  CompletionStage<Void> resize(TerminalSize size);

  /**
   * How the process ended, to be asked once output has ended. Empty when the engine can't say: of a
   * container that was attached to, and of a process that outlives its streams.
   */
  CompletionStage<OptionalInt> exitCode();

  /**
   * Lets go of the streams. A process that was started for them and still runs is ended, with the
   * processes it started. Never blocks.
   */
  @Override
  void close();
}
