package dev.jkubelet.runtime.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The files that one reader still has to read, the oldest first, all of them open: what is open
 * can't be rotated away from under a slow reader. Reading is the reader's; the watch adds files as
 * they appear.
 */
final class HeldFiles implements Closeable {
  private final LogFamily family;
  private final Deque<LogFile> files;
  private boolean closed;

  private HeldFiles(LogFamily family, Deque<LogFile> files) {
    this.family = family;
    this.files = files;
  }

  /** Opens all there is of the log at {@code path}. */
  static HeldFiles open(Path path) throws IOException {
    var family = LogFamily.of(path);
    return new HeldFiles(family, family.open());
  }

  /** The name of the file that the engine writes to. */
  Path newestPath() {
    return family.newest();
  }

  /** The one being read. */
  synchronized LogFile current() {
    return files.element();
  }

  synchronized boolean hasNext() {
    return files.size() > 1;
  }

  /** Closes the current file and goes on with the next. */
  synchronized void next() throws IOException {
    files.remove().close();
  }

  /** Lets go of the files before the one where the lines wanted start. */
  synchronized void seekTail(TailCount tail) throws IOException {
    var wanted = new ArrayDeque<LogFile>();
    var found = false;
    while (!found && !files.isEmpty()) {
      wanted.addFirst(files.removeLast());
      found = wanted.element().seekTail(tail);
    }
    LogFamily.closeAll(files);
    files.clear();
    files.addAll(wanted);
  }

  /** Takes up the files that the engine has begun since; false when there are none. */
  synchronized boolean collect() throws IOException {
    if (closed || files.size() >= LogNames.MAX_FILES) {
      return false;
    }
    if (!(files.getLast() instanceof PlainLogFile newest) || !family.hasNewerThan(newest)) {
      return false;
    }
    return files.addAll(family.openNewerThan(newest));
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    LogFamily.closeAll(files);
    files.clear();
  }
}
