package dev.jkubelet.stats;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How full a file system is, in bytes and inodes.
 *
 * @param available to those who are not root
 */
public record DiskSpace(long capacity, long free, long available, long inodes, long inodesFree) {
  /** Asks the kernel; empty when it does not answer for that path. May block. */
  public static Optional<DiskSpace> of(Path path) {
    return Statvfs.of(path);
  }

  /** Where the figures come from. */
  @FunctionalInterface
  interface Source {
    Optional<DiskSpace> of(Path path);
  }
}
