package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A container's log and what rotation made of it: {@code x-json.log} is the newest, then {@code
 * x-json.log.1}, {@code .2} … Files are told apart by inode, as their names move on.
 */
final class LogFiles {
  private static final int MOST = 100;

  private final Path newest;

  LogFiles(Path newest) {
    this.newest = newest;
  }

  /** An open file of the log. */
  record Open(FileChannel channel, Object inode) {}

  /** Names of all files there are, oldest first. */
  List<Path> oldestFirst() {
    var files = new ArrayList<Path>();
    files.add(newest);
    for (int i = 1; i < MOST; i++) {
      var rotated = newest.resolveSibling(newest.getFileName() + "." + i);
      if (!Files.exists(rotated)) {
        break;
      }
      files.addFirst(rotated);
    }
    return files;
  }

  static Open open(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.READ);
    return new Open(channel, inode(file));
  }

  /** The file that follows the one with that inode; empty when it is the newest still. */
  Optional<Path> after(Object inode) throws IOException {
    var files = oldestFirst();
    for (int i = 0; i < files.size(); i++) {
      if (inode.equals(inode(files.get(i)))) {
        return i + 1 < files.size() ? Optional.of(files.get(i + 1)) : Optional.empty();
      }
    }
    return Files.exists(newest) ? Optional.of(files.getFirst()) : Optional.empty();
  }

  private static Object inode(Path file) throws IOException {
    try {
      var key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? file : key;
    } catch (NoSuchFileException _) {
      return "gone";
    }
  }
}
