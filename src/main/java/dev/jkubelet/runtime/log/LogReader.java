package dev.jkubelet.runtime.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one container's log step by step, for one reader. Its calls block on files, so they belong
 * on a virtual thread; a call to {@link #close} waits for the step that is under way.
 */
final class LogReader implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

  /** A step gives up to this and one entry more. */
  private static final int STEP = 64 * 1024;

  private static final int HEADROOM = 16 * 1024;

  /** What a step has come to. */
  sealed interface Step {}

  /** Lines, or at the limit a part of one; never empty. */
  record Data(ByteString bytes) implements Step {}

  /** Everything there is has been read; more may come once the newest file isn't so any more. */
  record CaughtUp(Followed.State read) implements Step {}

  /** Nothing more comes, and the files are closed. */
  record End() implements Step {}

  private final Path path;
  private final LogOptions options;
  private final EntryWriter writer;
  private final EntryWindow window = new EntryWindow();
  private Optional<HeldFiles> held = Optional.empty();
  private long malformed;
  private boolean ended;
  private volatile boolean following;

  LogReader(Path path, LogOptions options) {
    this.path = path;
    this.options = options;
    this.writer = new EntryWriter(options);
    this.following = options.follow();
  }

  /** Reads on until a good piece is together or there is nothing to read. */
  synchronized Step read() throws IOException {
    if (ended) {
      return new End();
    }
    if (held.isEmpty()) {
      held = Optional.of(open());
    }
    var files = held.get();
    var out = new OutputBuffer(capacity(files));
    while (!ended) {
      writeEntries(out);
      if (out.length() >= STEP || ended) {
        break;
      }
      // Asked before looking: what a container wrote until it ended must be seen.
      var isLastLook = !following;
      if (window.read(files.current()) == LogFile.END && !goOnAfterEnd(files, out, isLastLook)) {
        if (out.isEmpty() && !ended) {
          window.shrink();
          return new CaughtUp(read(files.current()));
        }
        break;
      }
    }
    return out.isEmpty() ? new End() : new Data(out.toByteString());
  }

  /** From now on the end of the file is the end. */
  void stopFollowing() {
    following = false;
  }

  /** What it reads, for the watch; empty before the first step. */
  synchronized Optional<HeldFiles> held() {
    return held;
  }

  private HeldFiles open() throws IOException {
    var files = HeldFiles.open(path);
    if (options.tailLines().isPresent()) {
      files.seekTail(new TailCount(options.tailLines().getAsLong()));
    }
    if (options.since().isPresent()) {
      // A file's last line is not newer than the file.
      while (files.hasNext()
          && files.current().lastModified().isBefore(options.since().orElseThrow())) {
        files.next();
      }
    }
    return files;
  }

  private int capacity(HeldFiles files) throws IOException {
    return (int) Math.min(STEP + HEADROOM, window.buffered() + files.current().available());
  }

  private void writeEntries(OutputBuffer out) throws IOException {
    while (out.length() < STEP && window.next()) {
      writeEntry(out);
      if (ended) {
        return;
      }
    }
  }

  private void writeEntry(OutputBuffer out) throws IOException {
    if (!window.write(writer, out) && malformed++ == 0) {
      LOG.warn("{}: skipping a line that is not of Docker's json-file format", path);
    }
    if (writer.limitReached()) {
      close();
    }
  }

  /** At the end of a file: whether there is another one, or more in this one after all. */
  private boolean goOnAfterEnd(HeldFiles files, OutputBuffer out, boolean isLastLook)
      throws IOException {
    if (files.hasNext() || (options.follow() && files.collect())) {
      // The engine is done with the current file, so from now on its end is final.
      if (files.current().isDrained()) {
        lastPiece(out);
        files.next();
      }
      return true;
    }
    if (isLastLook) {
      lastPiece(out);
      close();
    }
    return false;
  }

  /** A file may end without a newline: when the engine was killed, or is writing this moment. */
  private void lastPiece(OutputBuffer out) throws IOException {
    if (window.rest()) {
      writeEntry(out);
    }
  }

  private static Followed.State read(LogFile current) {
    return new Followed.State(current.key(), current.position());
  }

  @Override
  public synchronized void close() throws IOException {
    if (!ended && malformed > 1) {
      LOG.warn("{}: {} malformed lines skipped in all", path, malformed);
    }
    ended = true;
    if (held.isPresent()) {
      held.get().close();
    }
  }
}
