package dev.jkubelet.stats;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.jkubelet.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The C library's statvfs: Java's FileStore knows nothing of inodes. The structure's first seven
 * fields are of 64 bits in glibc and musl on every 64-bit machine.
 */
final class Statvfs {
  private static final long SIZE = 256;
  private static final int FRAGMENT_SIZE = 1;
  private static final int BLOCKS = 2;
  private static final int FREE = 3;
  private static final int AVAILABLE = 4;
  private static final int FILES = 5;
  private static final int FILES_FREE = 6;

  private Statvfs() {}

  static Optional<DiskSpace> of(Path path) {
    try (var arena = Arena.ofConfined()) {
      var answer = arena.allocate(SIZE, Long.BYTES);
      return Libc.statvfs(path, answer) ? Optional.of(read(answer)) : Optional.empty();
    }
  }

  private static DiskSpace read(MemorySegment answer) {
    long unit = field(answer, FRAGMENT_SIZE);
    return new DiskSpace(
        unit * field(answer, BLOCKS),
        unit * field(answer, FREE),
        unit * field(answer, AVAILABLE),
        field(answer, FILES),
        field(answer, FILES_FREE));
  }

  private static long field(MemorySegment answer, int index) {
    return answer.getAtIndex(JAVA_LONG, index);
  }
}
