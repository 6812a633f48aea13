package dev.jkubelet.stats.kernel;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;

/**
 * What a folder with all below it occupies, as {@code du} counts: blocks on the disk, each file
 * once, other file systems left out.
 *
 * @param bytes whole blocks
 * @param inodes files, folders, links
 */
public record DirectoryUsage(long bytes, long inodes) {
  private static final long BLOCK = 512;
  private static final int STATX_SIZE = 256;

  // Where things are in struct statx, on every architecture.
  private static final long LINKS = 16;
  private static final long MODE = 28;
  private static final long INODE = 32;
  private static final long BLOCKS = 48;
  private static final long DEVICE = 136;
  private static final int TYPE_MASK = 0xf000;
  private static final int DIRECTORY = 0x4000;

  /** Nothing. */
  public static final DirectoryUsage NONE = new DirectoryUsage(0, 0);

  /**
   * Walks over the folder; empty when it is not there, or the thread is interrupted, or there are
   * more than {@code most} entries. What goes away meanwhile is not counted.
   */
  public static Optional<DirectoryUsage> of(Path folder, long most) {
    try (var arena = Arena.ofConfined()) {
      return new Walk(arena.allocate(STATX_SIZE, Long.BYTES), most).over(folder.toString());
    }
  }

  private static final class Walk {
    private final MemorySegment stat;
    private final long most;
    private final ArrayDeque<String> folders = new ArrayDeque<>();
    private final HashSet<Long> linked = new HashSet<>();
    private long bytes;
    private long inodes;

    Walk(MemorySegment stat, long most) {
      this.stat = stat;
      this.most = most;
    }

    Optional<DirectoryUsage> over(String root) {
      if (!Libc.stat(root, stat)) {
        return Optional.empty();
      }
      long device = stat.get(ValueLayout.JAVA_LONG, DEVICE);
      count(root);
      while (!folders.isEmpty()) {
        var folder = folders.pop();
        var names = new File(folder).list();
        for (var name : names == null ? new String[0] : names) {
          var path = folder + "/" + name;
          if (Libc.stat(path, stat) && stat.get(ValueLayout.JAVA_LONG, DEVICE) == device) {
            count(path);
          }
        }
        if (inodes > most || Thread.currentThread().isInterrupted()) {
          return Optional.empty();
        }
      }
      return Optional.of(new DirectoryUsage(bytes, inodes));
    }

    private void count(String path) {
      boolean directory = (stat.get(ValueLayout.JAVA_SHORT, MODE) & TYPE_MASK) == DIRECTORY;
      if (directory) {
        folders.push(path);
      } else if (stat.get(ValueLayout.JAVA_INT, LINKS) > 1
          && !linked.add(stat.get(ValueLayout.JAVA_LONG, INODE))) {
        return;
      }
      bytes += stat.get(ValueLayout.JAVA_LONG, BLOCKS) * BLOCK;
      inodes++;
    }
  }
}
