package dev.jkubelet.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files in which containers leave their last words, one for each run, called by eight hex
 * digits as the kubelet does. Ours tell the time at which they were made: so the file of a run can
 * be found again by an agent that did not start it, as the last one made before the container.
 */
final class TerminationLogs {
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{8}");

  /** Eight digits come round after 497 days; far more than what is kept spans. */
  private static final long UNIT_MILLIS = 10;

  /** A crash loop makes one per restart for as long as its pod lives. */
  private static final int KEPT = 8;

  private final PodDirs dirs;

  TerminationLogs(PodDirs dirs) {
    this.dirs = dirs;
  }

  /** Makes an empty file that whoever the container runs as can write. */
  Path create(String podUid, String container, Instant now) throws IOException {
    var dir = dirs.container(podUid, container);
    PodDirs.makeAll(dir);
    removeOldest(dir, now);
    for (int units = units(now); ; units++) {
      try {
        var file = Files.createFile(dir.resolve(HexFormat.of().toHexDigits(units)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        return file;
      } catch (FileAlreadyExistsException _) {
        // One more in the same hundredth of a second takes the next name.
      }
    }
  }

  /** The file of the container's run that was created at that time. */
  Optional<Path> find(String podUid, String container, Instant createdAt) throws IOException {
    var dir = dirs.container(podUid, container);
    return Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)
        ? newestFirst(dir, createdAt).stream()
            .findFirst()
            .filter(file -> age(file, createdAt) <= Integer.MAX_VALUE) // else made afterwards
        : Optional.empty();
  }

  /**
   * The end of a file, at most {@code limit} bytes.
   *
   * @return empty when nothing was left in it
   */
  static Optional<String> read(Path file, int limit) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) { // reading a pipe would not end
      return Optional.empty();
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      var bytes = ByteBuffer.allocate(limit);
      long start = Math.max(0, channel.size() - limit);
      int count = 0;
      while (bytes.hasRemaining() && count >= 0) {
        count = channel.read(bytes, start + bytes.position());
      }
      return Optional.of(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8))
          .filter(text -> !text.isEmpty());
    } catch (IOException failure) {
      return Optional.of("Error on reading termination log " + file + ": " + failure.getMessage());
    }
  }

  private static void removeOldest(Path dir, Instant now) throws IOException {
    var files = newestFirst(dir, now);
    for (var file : files.subList(Math.min(KEPT, files.size()), files.size())) {
      Files.deleteIfExists(file);
    }
  }

  /** Sorted by age at that time; what was made later counts as oldest, as the digits wrap. */
  private static List<Path> newestFirst(Path dir, Instant at) throws IOException {
    try (var files = Files.list(dir)) {
      return files
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted(Comparator.comparingLong(file -> age(file, at)))
          .toList();
    }
  }

  private static long age(Path file, Instant at) {
    int made = HexFormat.fromHexDigits(file.getFileName().toString());
    return Integer.toUnsignedLong(units(at) - made);
  }

  private static int units(Instant time) {
    return (int) (time.toEpochMilli() / UNIT_MILLIS);
  }
}
