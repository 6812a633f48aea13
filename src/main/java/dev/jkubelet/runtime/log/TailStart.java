package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Where reading begins: at the first line there is, or so many lines before the end. */
record TailStart(Path file, long offset) {
  private static final int BLOCK = 64 * 1024;

  static TailStart of(LogFiles files, OptionalLong tailLines) throws IOException {
    var all = files.oldestFirst();
    if (tailLines.isEmpty()) {
      return new TailStart(all.getFirst(), 0);
    }
    long wanted = tailLines.getAsLong();
    for (var file : all.reversed()) {
      var scan = scan(file, wanted);
      if (scan.missing() <= 0) {
        return new TailStart(file, scan.offset());
      }
      wanted = scan.missing();
    }
    return new TailStart(all.getFirst(), 0);
  }

  private record Scan(long missing, long offset) {}

  /** Counts line ends backwards; the offset is behind the one that precedes the wanted lines. */
  private static Scan scan(Path file, long wanted) throws IOException {
    try (var channel = LogFiles.open(file).channel()) {
      long end = channel.size();
      if (wanted == 0) {
        return new Scan(0, end);
      }
      var block = ByteBuffer.allocate(BLOCK);
      long found = 0;
      for (long at = end; at > 0; ) {
        int length = (int) Math.min(BLOCK, at);
        at -= length;
        block.clear().limit(length);
        int read = 0;
        while (read < length) {
          int got = channel.read(block, at + read);
          if (got < 0) {
            break;
          }
          read += got;
        }
        for (int i = read - 1; i >= 0; i--) {
          if (block.get(i) == '\n' && at + i != end - 1 && ++found == wanted) {
            return new Scan(0, at + i + 1);
          }
        }
      }
      return new Scan(end == 0 ? wanted : wanted - found - 1, 0);
    }
  }
}
