package dev.jkubelet.runtime.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the files of one container's log: the one being written, and those rotated away. Between
 * looking at the names and opening, files may be renamed: they are known by their keys.
 */
final class LogFamily {
  private static final Logger LOG = LoggerFactory.getLogger(LogFamily.class);

  private static final int MAX_LINKS = 8;

  /** How often a file can have been renamed since its name was looked at. */
  private static final int MAX_RENAMES = 3;

  private final LogNames names;
  private boolean saidMissing;

  private LogFamily(LogNames names) {
    this.names = names;
  }

  /**
   * The family of the log at {@code path}, which may be a link to it: rotated files lie beside the
   * real one. Links are followed by hand, since during a rotation the last one leads nowhere.
   */
  static LogFamily of(Path path) throws IOException {
    var file = path;
    for (int links = 0; Files.isSymbolicLink(file); links++) {
      if (links == MAX_LINKS) {
        throw new IOException("log file " + path + ": more than " + MAX_LINKS + " links to follow");
      }
      file = file.resolveSibling(Files.readSymbolicLink(file));
    }
    return new LogFamily(new LogNames(file));
  }

  Path newest() {
    return names.newest();
  }

  /**
   * Whether the engine writes to a newer file than this one. While it rotates, no file has the
   * newest one's name: then it isn't certain yet.
   */
  boolean hasNewerThan(LogFile file) throws IOException {
    try {
      return !OpenChannel.attributes(names.newest()).fileKey().equals(file.key());
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  /** All files, the oldest first. */
  Deque<LogFile> open() throws IOException {
    return open(names.look(), Optional.empty());
  }

  /** Those written after {@code held}, the oldest first; none while they move too fast. */
  Deque<LogFile> openNewerThan(PlainLogFile held) throws IOException {
    try {
      return open(held);
    } catch (NoSuchFileException _) {
      return new ArrayDeque<>();
    }
  }

  private Deque<LogFile> open(PlainLogFile held) throws IOException {
    var all = names.look();
    var newer = all.stream().takeWhile(name -> !name.key().equals(held.key())).toList();
    var isAmongThem = newer.size() == all.size();
    return open(newer, isAmongThem ? Optional.of(held) : Optional.empty());
  }

  /** The oldest first also here: it is the next to be removed. */
  private Deque<LogFile> open(List<LogNames.Name> wanted, Optional<PlainLogFile> sought)
      throws IOException {
    var opened = new ArrayDeque<LogFile>();
    var missing = sought.isPresent();
    var done = false;
    try {
      for (var name : wanted.reversed()) {
        var file = open(name);
        if (file.isEmpty()) {
          missing = true;
        } else if (sought.isPresent() && file.get().holdsWhat(sought.get())) {
          file.get().close();
          closeAll(opened);
          opened.clear();
          missing = false;
        } else {
          opened.addLast(file.get());
        }
      }
      if (opened.isEmpty() && !wanted.isEmpty()) {
        throw new NoSuchFileException(newest().toString(), null, "rotated faster than opened");
      }
      done = true;
    } finally {
      if (!done) {
        closeAll(opened);
      }
    }
    if (missing) {
      sayMissing();
    }
    return opened;
  }

  static void closeAll(Iterable<LogFile> files) throws IOException {
    for (var file : files) {
      file.close();
    }
  }

  private Optional<LogFile> open(LogNames.Name name) throws IOException {
    for (int number = name.number(); number <= name.number() + MAX_RENAMES; number++) {
      var file = name.compressed() ? gzip(names.compressed(number)) : plain(names.plain(number));
      if (file.isPresent() && file.get().key().equals(name.key())) {
        return file;
      }
      if (file.isPresent()) {
        file.get().close();
      }
    }
    return Optional.empty();
  }

  private static Optional<LogFile> plain(Path path) throws IOException {
    try {
      return Optional.of(PlainLogFile.open(path));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private static Optional<LogFile> gzip(Path path) throws IOException {
    try {
      return Optional.of(GzipLogFile.open(path));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (EOFException | ZipException damaged) {
      LOG.warn("{}: skipped, not a gzip file: {}", path, damaged.getMessage());
      return Optional.empty();
    }
  }

  /** Once per reader: a log that is rotated that fast would fill ours. */
  private void sayMissing() {
    if (!saidMissing) {
      LOG.warn("{}: rotated faster than its files could be opened, lines are missing", newest());
      saidMissing = true;
    }
  }
}
