package dev.jkubelet.runtime.log;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;

/**
 * One file of a container's log, held open: it stays readable when it is renamed or removed. Starts
 * at its first byte.
 */
sealed interface LogFile extends Closeable permits PlainLogFile, GzipLogFile {
  /** {@link #read}'s answer when nothing more is there (yet). */
  int END = -1;

  /** {@link #read}'s answer when the file was cut and written anew: it starts over. */
  int CUT = -2;

  /** Reads on: the number of bytes (1 or more), or {@link #END} or {@link #CUT}. */
  int read(byte[] into, int offset, int length) throws IOException;

  /** How many bytes are there to read, roughly: a hint for the size of a buffer. */
  long available() throws IOException;

  /** How far it has been read, in bytes of log. */
  long position();

  /** Whether, after {@link #END}, it still is at its end. */
  boolean isDrained() throws IOException;

  /** What stays the same when the file is renamed. */
  Object key();

  /**
   * Whether this is the log file {@code held}, maybe under another name, maybe compressed since.
   */
  boolean holdsWhat(PlainLogFile held) throws IOException;

  /** When it was last written to. */
  Instant lastModified();

  /**
   * Moves to where the lines wanted by {@code tail} start.
   *
   * @return false when they start in an older file; then this one is read from its first byte
   */
  boolean seekTail(TailCount tail) throws IOException;
}
