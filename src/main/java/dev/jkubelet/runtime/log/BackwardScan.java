package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Reads a log file's entries from the last to the first, in blocks. */
final class BackwardScan {
  private static final int BLOCK = 64 * 1024;

  private final FileChannel channel;

  /** The file from {@link #windowAt} on, up to the last byte not scanned yet. */
  private byte[] window = {};

  private long windowAt;

  /** An entry's end was dropped because it grew too long: what is left of it doesn't count. */
  private boolean tooLong;

  BackwardScan(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Where the lines wanted start; -1 when they start in an older file. In a file that is cut
   * meanwhile everything is new.
   */
  long start(TailCount tail) throws IOException {
    windowAt = channel.size();
    if (tail.isEmpty()) {
      return windowAt;
    }
    while (windowAt > 0) {
      int fresh = prepend();
      if (fresh < 0) {
        return 0;
      }
      int end = window.length;
      for (int i = lastCandidate(fresh); i >= 0; i--) {
        if (window[i] == '\n') {
          if (endsBeforeTail(tail, i + 1, end)) {
            return windowAt + end;
          }
          end = i + 1;
        }
      }
      tooLong |= end > EntryWindow.MAX_ENTRY;
      window = tooLong ? new byte[0] : Arrays.copyOf(window, end);
    }
    return window.length > 0 && endsBeforeTail(tail, 0, window.length) ? window.length : -1;
  }

  /** The last byte that may be the newline of the entry before: not the last entry's own. */
  private int lastCandidate(int fresh) {
    return tooLong ? fresh - 1 : Math.min(window.length - 2, fresh - 1);
  }

  private boolean endsBeforeTail(TailCount tail, int from, int end) {
    var counts = !tooLong;
    tooLong = false;
    int to = end > from && window[end - 1] == '\n' ? end - 1 : end;
    return counts && tail.endsBefore(window, from, to);
  }

  /** Puts the block before the window in front of it: its length, -1 when the file was cut. */
  private int prepend() throws IOException {
    int fresh = (int) Math.min(BLOCK, windowAt);
    var grown = new byte[fresh + window.length];
    System.arraycopy(window, 0, grown, fresh, window.length);
    var block = ByteBuffer.wrap(grown, 0, fresh);
    while (block.hasRemaining()) {
      if (channel.read(block, windowAt - block.remaining()) < 0) {
        return -1;
      }
    }
    windowAt -= fresh;
    window = grown;
    return fresh;
  }
}
