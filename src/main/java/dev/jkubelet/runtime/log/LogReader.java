package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one log from where it was told to begin, a block at a time. Not for two threads at once;
 * every method blocks.
 */
final class LogReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
  private static final int BLOCK = 128 * 1024;

  /** Enough in one piece; more waits for the next read. */
  private static final int CHUNK = 64 * 1024;

  /** Docker cuts lines at 16 KiB, which JSON may make six times longer. */
  private static final int LONGEST_LINE = 1024 * 1024;

  private final LogFiles files;
  private final LogOptions options;
  private final Output out = new Output();
  private LogFiles.Open current;
  private byte[] buffer = new byte[BLOCK * 2];
  private int from;
  private int to;
  private long left;

  private LogReader(LogFiles files, LogOptions options, TailStart start) throws IOException {
    this.files = files;
    this.options = options;
    this.left = options.limitBytes().orElse(Long.MAX_VALUE);
    this.current = LogFiles.open(start.file());
    current.channel().position(start.offset());
  }

  static LogReader open(Path log, LogOptions options) throws IOException {
    var files = new LogFiles(log);
    return new LogReader(files, options, TailStart.of(files, options.tailLines()));
  }

  /** The bytes that {@code limitBytes} still allows are used up. */
  boolean exhausted() {
    return left <= 0;
  }

  /** The next piece; empty at the end of what is written so far. */
  ByteString read() throws IOException {
    while (out.size() < CHUNK && left > out.size()) {
      if (!nextLine() && !fill()) {
        break;
      }
    }
    if (out.size() > left) {
      out.cut((int) left);
    }
    left -= out.size();
    return out.take();
  }

  private boolean nextLine() {
    int end = from;
    while (end < to && buffer[end] != '\n') {
      end++;
    }
    if (end == to) {
      return false;
    }
    emit(from, end);
    from = end + 1;
    return true;
  }

  private void emit(int start, int end) {
    int time =
        options.timestamps() || options.since().isPresent()
            ? JsonLine.time(buffer, start, end)
            : -1;
    int timeEnd = time < 0 ? -1 : JsonLine.end(buffer, time, end);
    if (timeEnd > 0 && options.since().isPresent() && before(time, timeEnd)) {
      return;
    }
    int mark = out.size();
    if (timeEnd > 0 && options.timestamps()) {
      out.write(buffer, time, timeEnd - time);
      out.write(' ');
    }
    if (!JsonLine.unescape(buffer, start, end, out)) {
      out.cut(mark);
      LOG.warn(
          "a line of {} bytes in a container's log is not of Docker's json-file format: left out",
          end - start);
    }
  }

  private boolean before(int time, int timeEnd) {
    try {
      var text = new String(buffer, time, timeEnd - time, StandardCharsets.US_ASCII);
      return Instant.parse(text).isBefore(options.since().orElseThrow());
    } catch (DateTimeException _) {
      return false;
    }
  }

  /**
   * More bytes, from this file or the one that rotation put after it; false when there are none.
   */
  private boolean fill() throws IOException {
    makeRoom();
    while (true) {
      int got = current.channel().read(ByteBuffer.wrap(buffer, to, buffer.length - to));
      if (got > 0) {
        to += got;
        return true;
      }
      if (current.channel().size() < current.channel().position()) {
        current.channel().position(0);
        continue;
      }
      var next = files.after(current.inode());
      if (next.isEmpty()) {
        return false;
      }
      // What was written between our last read and the rotation belongs to this file still.
      got = current.channel().read(ByteBuffer.wrap(buffer, to, buffer.length - to));
      if (got > 0) {
        to += got;
        return true;
      }
      var following = LogFiles.open(next.get());
      current.channel().close();
      current = following;
      from = to = 0;
    }
  }

  private void makeRoom() {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to >= LONGEST_LINE) {
      LOG.warn("a line longer than {} bytes in a container's log: left out", LONGEST_LINE);
      to = 0;
    }
    if (buffer.length - to < BLOCK) {
      buffer = Arrays.copyOf(buffer, to + BLOCK);
    }
  }

  @Override
  public void close() throws IOException {
    current.channel().close();
  }
}
