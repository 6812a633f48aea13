package dev.jkubelet.stats.kernel;

import dev.jkubelet.libc.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
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
   * Walks over the folder, in little memory however much is in it; empty when it is not there, or
   * the thread is interrupted, or there are more than {@code most} entries. So it is, too, when
   * folders are too deep in each other, or too many files have several names. What goes away
   * meanwhile is not counted.
   */
  public static Optional<DirectoryUsage> of(Path folder, long most) {
    try (var arena = Arena.ofConfined();
        var walk = new Walk(arena.allocate(STATX_SIZE, Long.BYTES), most)) {
      return walk.over(folder);
    }
  }

  /** A folder that is being listed. */
  private record Listing(DirectoryStream<Path> stream, Iterator<Path> entries) {
    Optional<Path> next() {
      try {
        return entries.hasNext() ? Optional.of(entries.next()) : Optional.empty();
      } catch (DirectoryIteratorException gone) {
        return Optional.empty();
      }
    }

    void close() {
      try {
        stream.close();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private static final class Walk implements AutoCloseable {
    private static final int MOST_DEPTH = 256;

    private final MemorySegment stat;
    private final long most;
    private final ArrayDeque<Listing> open = new ArrayDeque<>();
    private final InodeSet linked = new InodeSet();
    private long bytes;
    private long inodes;

    Walk(MemorySegment stat, long most) {
      this.stat = stat;
      this.most = most;
    }

    Optional<DirectoryUsage> over(Path root) {
      if (!Libc.stat(root.toString(), stat)) {
        return Optional.empty();
      }
      long device = stat.get(ValueLayout.JAVA_LONG, DEVICE);
      count(root);
      while (!open.isEmpty()) {
        var entry = open.element().next();
        if (entry.isEmpty()) {
          open.remove().close();
        } else if (Libc.stat(entry.get().toString(), stat)
            && stat.get(ValueLayout.JAVA_LONG, DEVICE) == device) {
          count(entry.get());
        }
        if (inodes > most
            || open.size() > MOST_DEPTH
            || linked.isFull()
            || Thread.currentThread().isInterrupted()) {
          return Optional.empty();
        }
      }
      return Optional.of(new DirectoryUsage(bytes, inodes));
    }

    private void count(Path path) {
      boolean directory = (stat.get(ValueLayout.JAVA_SHORT, MODE) & TYPE_MASK) == DIRECTORY;
      if (!directory
          && stat.get(ValueLayout.JAVA_INT, LINKS) > 1
          && !linked.add(stat.get(ValueLayout.JAVA_LONG, INODE))) {
        return;
      }
      bytes += stat.get(ValueLayout.JAVA_LONG, BLOCKS) * BLOCK;
      inodes++;
      if (directory) {
        list(path);
      }
    }

    @SuppressWarnings("StreamResourceLeak") // it stays open until its listing ends
    private void list(Path folder) {
      try {
        var stream = Files.newDirectoryStream(folder);
        open.push(new Listing(stream, stream.iterator()));
      } catch (IOException gone) {
        // Or not ours to look at: the folder alone is counted.
      }
    }

    @Override
    public void close() {
      open.forEach(Listing::close);
    }
  }
}
