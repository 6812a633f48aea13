package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.util.Arrays;

/**
 * The stretch of a log file that is being looked at, cut into entries. Its size is bounded, and
 * follows what the file has to offer: a reader that waits for a few bytes holds few.
 */
final class EntryWindow {
  /** Docker's longest entry is 16 KiB of log, at most 96 KiB escaped, and its attributes. */
  static final int MAX_ENTRY = 256 * 1024;

  private static final int MIN_SIZE = 4 * 1024;

  private byte[] bytes = {};
  private int start;
  private int end;
  private int scanned;
  private int entryFrom;
  private int entryTo;
  private boolean tooLong;

  /** Moves to the next whole entry in the window; false when more must be read first. */
  boolean next() {
    int newline = ByteScan.newline(bytes, scanned, end);
    scanned = newline;
    if (newline == end) {
      return false;
    }
    entry(newline);
    start = newline + 1;
    scanned = start;
    return true;
  }

  /** Moves to the next entry, reading on in {@code file}; false when there is none any more. */
  boolean next(LogFile file) throws IOException {
    while (!next()) {
      if (read(file) < 0) {
        return rest();
      }
    }
    return true;
  }

  /** Moves to what comes after the last newline; false when nothing does. */
  boolean rest() {
    if (start == end && !tooLong) {
      return false;
    }
    entry(end);
    start = end;
    scanned = end;
    return true;
  }

  /** An entry too long for the window shows up as an empty one: malformed. */
  private void entry(int to) {
    entryFrom = tooLong ? to : start;
    entryTo = to;
    tooLong = false;
  }

  /** Reads on in the file, with its answer. What was in the window of a file cut short is gone. */
  int read(LogFile file) throws IOException {
    makeRoom(file.available());
    int count = file.read(bytes, end, bytes.length - end);
    if (count == LogFile.CUT) {
      clear();
    } else if (count > 0) {
      end += count;
    }
    return count;
  }

  private void makeRoom(long available) {
    if (end - start >= MAX_ENTRY) {
      clear();
      tooLong = true;
    }
    int kept = end - start;
    long wanted = Math.clamp(kept + available, MIN_SIZE, MAX_ENTRY);
    var roomy = bytes.length >= wanted && bytes.length > kept;
    var target = roomy ? bytes : new byte[(int) Math.max(wanted, Math.min(kept * 2L, MAX_ENTRY))];
    System.arraycopy(bytes, start, target, 0, kept);
    bytes = target;
    scanned -= start;
    start = 0;
    end = kept;
  }

  private void clear() {
    start = 0;
    end = 0;
    scanned = 0;
    tooLong = false;
  }

  /** Gives back the memory that isn't needed while nothing comes. */
  void shrink() {
    bytes = Arrays.copyOfRange(bytes, start, end);
    scanned -= start;
    end -= start;
    start = 0;
  }

  /** How many bytes were read from the file and not moved over yet. */
  int buffered() {
    return end - start;
  }

  /** Writes the current entry; false when it is malformed. */
  boolean write(EntryWriter writer, OutputBuffer out) {
    return writer.write(bytes, entryFrom, entryTo, out);
  }

  /** What the current entry means to lines. */
  TailCount.Kind kind(TailCount tail) {
    return tail.kind(bytes, entryFrom, entryTo);
  }
}
