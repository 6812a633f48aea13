package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** An open file, and what is known of it. */
record OpenChannel(FileChannel channel, BasicFileAttributes attributes) {
  /**
   * Opens what is at {@code path} now. Java can't ask an open file for its key, so the name must
   * mean the same file before and after opening: names only ever go from a file to a newer one.
   */
  static OpenChannel at(Path path) throws IOException {
    while (true) {
      var before = attributes(path);
      var channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        if (attributes(path).fileKey().equals(before.fileKey())) {
          return new OpenChannel(channel, before);
        }
      } catch (IOException gone) {
        channel.close();
        throw gone;
      }
      channel.close();
    }
  }

  static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class);
  }
}
