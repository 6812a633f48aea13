package dev.jkubelet.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The kernel's interface files: one value or one list each. */
final class CgroupFile {
  private CgroupFile() {}

  static void write(Path directory, String file, String value) throws IOException {
    try {
      Files.writeString(directory.resolve(file), value);
    } catch (IOException refused) {
      throw new IOException(
          "cgroup: %s to %s: %s".formatted(value, directory.resolve(file), refused), refused);
    }
  }

  /** The value without its newline; empty when there is no such file. */
  static String read(Path directory, String file) throws IOException {
    try {
      return Files.readString(directory.resolve(file)).strip();
    } catch (NoSuchFileException _) {
      return "";
    }
  }

  static List<String> words(Path directory, String file) throws IOException {
    return Stream.of(read(directory, file).split("\\s+")).filter(word -> !word.isEmpty()).toList();
  }
}
