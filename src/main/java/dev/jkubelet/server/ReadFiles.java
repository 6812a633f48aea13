package dev.jkubelet.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What some files say, and again when they change. Whatever can't be used, such as a certificate
 * whose new key is not written yet, is logged once and leaves the last good.
 */
final class ReadFiles<T> {
  private static final Logger LOG = LoggerFactory.getLogger(ReadFiles.class);

  private final List<Path> files;
  private final Supplier<T> read;
  private List<Optional<String>> seen;
  private volatile T value;

  /** Reads them at once, with the failure of {@code read} if it can't; blocks. */
  ReadFiles(List<Path> files, Supplier<T> read) {
    this.files = List.copyOf(files);
    this.read = read;
    this.seen = content();
    this.value = read.get();
  }

  T value() {
    return value;
  }

  /**
   * Looks at the files; blocks.
   *
   * @return whether there is a new value
   */
  synchronized boolean refresh() {
    var now = content();
    if (now.equals(seen)) {
      return false;
    }
    seen = now;
    try {
      value = read.get();
      LOG.info("Read {} again", files);
      return true;
    } catch (InvalidTlsFile unusable) {
      LOG.error("{}; what was read before goes on", unusable.getMessage());
      return false;
    }
  }

  /** A few kilobytes each; empty for one that can't be read. */
  private List<Optional<String>> content() {
    var all = new ArrayList<Optional<String>>();
    for (var file : files) {
      try {
        all.add(Optional.of(Files.readString(file)));
      } catch (IOException _) {
        all.add(Optional.empty());
      }
    }
    return all;
  }
}
