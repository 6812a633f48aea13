package dev.jkubelet.stats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The one-line files of {@code /proc}, {@code /sys} and {@code /etc}. What can't be read counts as
 * empty: hardware tells what it has, and drivers may refuse.
 *
 * @param root where the host's root is mounted, {@code /}
 */
record HostFiles(Path root) {
  private static final int MOST_BYTES = 16 << 20;

  /**
   * Stripped; empty when it can't be read. A sysctl answers its first read alone, so that read has
   * to take it all, which Files.readString's does not.
   */
  String text(String path) {
    try (var in = Files.newInputStream(root.resolve(path))) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
    } catch (IOException _) {
      return "";
    }
  }

  List<String> lines(String path) {
    return text(path).lines().toList();
  }

  /** The number in the file. */
  OptionalLong number(String path) {
    return parse(text(path));
  }

  static OptionalLong parse(String text) {
    return text.matches("-?[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /** Names in the folder that match, sorted; none when there is no folder. */
  List<String> names(String folder, String pattern) {
    try (Stream<Path> entries = Files.list(root.resolve(folder))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches(pattern))
          .sorted()
          .toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  boolean isFolder(String path) {
    return Files.isDirectory(root.resolve(path));
  }
}
