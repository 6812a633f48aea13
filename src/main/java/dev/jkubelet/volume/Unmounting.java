package dev.jkubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Takes away what is mounted at and below a folder. */
final class Unmounting {
  private static final int ROUNDS = 5;

  private Unmounting() {}

  /** What is busy leaves the tree now, and ends with its last user. */
  static void all(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    var dir = MountTable.canonical(folder);
    for (int round = 0; round < ROUNDS; round++) { // mounts may be stacked
      var points = MountTable.read().below(dir);
      if (points.isEmpty()) {
        return;
      }
      for (var point : points) {
        unmount(point);
      }
    }
    var left = MountTable.read().below(dir);
    if (!left.isEmpty()) {
      throw VolumeException.failedMount("still mounted after unmounting: " + left);
    }
  }

  private static void unmount(Path point) throws IOException {
    try {
      Syscalls.unmount(point);
    } catch (Syscalls.Failure failure) {
      if (failure.errno() == Syscalls.EBUSY) {
        Syscalls.detach(point);
      } else if (failure.errno() != Syscalls.EINVAL && failure.errno() != Syscalls.ENOENT) {
        throw failure; // those two: gone meanwhile
      }
    }
  }
}
