package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The names of a container's log: that of the file being written, {@code .1} for the one before it
 * and so on, {@code .gz} behind it when compressed. Tiny files are renamed hundreds of times a
 * second, so their order comes from a look at all names during which no rotation ended.
 *
 * @param newest the file being written
 */
record LogNames(Path newest) {
  /** Bounds the files held open by one reader; Docker's max-file is a handful in practice. */
  static final int MAX_FILES = 100;

  private static final int ATTEMPTS = 50;

  /** So often without a pause: waiting for tiny files loses more of them. */
  private static final int AT_ONCE = 10;

  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

  /** Which file had a name. */
  record Name(int number, boolean compressed, Object key) {}

  Path plain(int number) {
    return number == 0 ? newest : newest.resolveSibling(newest.getFileName() + "." + number);
  }

  Path compressed(int number) {
    return newest.resolveSibling(newest.getFileName() + "." + number + ".gz");
  }

  /** All names that there are, the newest file's first. */
  List<Name> look() throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      var names = lookOnce();
      if (isOneMoment(names)) {
        return names;
      }
      if (i >= AT_ONCE) {
        LockSupport.parkNanos(PAUSE);
      }
    }
    throw new NoSuchFileException(newest.toString(), null, "no log file, or rotated too fast");
  }

  private List<Name> lookOnce() throws IOException {
    var names = new ArrayList<Name>();
    // Between two renames of a rotation one number has no file; two in a row mean the end.
    int gaps = 0;
    for (int number = 0; gaps < 2 && names.size() < MAX_FILES; number++) {
      var name = name(number);
      gaps = name.isPresent() ? 0 : gaps + 1;
      name.ifPresent(names::add);
    }
    return names;
  }

  /** The plain file wins: while it exists, its compressed twin isn't complete. */
  private Optional<Name> name(int number) throws IOException {
    var key = key(plain(number));
    if (key.isPresent() || number == 0) {
      return key.map(k -> new Name(number, false, k));
    }
    return key(compressed(number)).map(k -> new Name(number, true, k));
  }

  /** The newest file was the newest all the time, and none was seen under two names. */
  private boolean isOneMoment(List<Name> names) throws IOException {
    var keys = new HashSet<>();
    for (var name : names) {
      if (!keys.add(name.key())) {
        return false;
      }
    }
    return !names.isEmpty()
        && names.getFirst().number() == 0
        && key(newest).equals(Optional.of(names.getFirst().key()));
  }

  private static Optional<Object> key(Path path) throws IOException {
    try {
      return Files.exists(path)
          ? Optional.of(OpenChannel.attributes(path).fileKey())
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
