package dev.jkubelet.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds pods' cgroups on disk. */
final class PodFolders {
  private PodFolders() {}

  /** The distinct UIDs of the folders directly in {@code parents}, sorted. */
  static List<String> in(List<Path> parents, Function<String, Stream<String>> uidOf)
      throws IOException {
    var uids = new TreeSet<String>();
    for (var parent : parents) {
      try (var entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
        for (var entry : entries) {
          uidOf.apply(entry.getFileName().toString()).forEach(uids::add);
        }
      } catch (NoSuchFileException _) {
        // No pod of that class, or the class itself is not there yet.
      }
    }
    return List.copyOf(uids);
  }
}
