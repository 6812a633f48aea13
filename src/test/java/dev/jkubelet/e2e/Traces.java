package dev.jkubelet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a node has of a pod beside the API server's object. */
final class Traces {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private Traces() {}

  /**
   * Containers, mounts, folders, logs and cgroups, each by its name.
   *
   * @param root {@code --root-dir}
   */
  static List<String> of(String uid, Path root) {
    try {
      var found = new ArrayList<>(Docker.run("ps", "-aq", "--filter", "name=" + uid));
      Files.readAllLines(Path.of("/proc/self/mounts")).stream()
          .filter(mount -> mount.contains(uid))
          .forEach(found::add);
      in(root.resolve("pods"), uid).forEach(found::add);
      in(Path.of("/var/log/pods"), uid).forEach(found::add);
      cgroups(uid).forEach(found::add);
      return found;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** In one hierarchy, or in one per controller. */
  private static List<String> cgroups(String uid) throws IOException {
    try (var controllers = Files.list(CGROUPS)) {
      return Stream.concat(Stream.of(CGROUPS), controllers)
          .flatMap(
              top -> Stream.of("", "burstable", "besteffort").map(top.resolve("kubepods")::resolve))
          .map(parent -> parent.resolve("pod" + uid))
          .filter(Files::exists)
          .map(Path::toString)
          .toList();
    }
  }

  private static List<String> in(Path folder, String uid) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (var entries = Files.list(folder)) {
      return entries.map(Path::toString).filter(name -> name.contains(uid)).toList();
    }
  }
}
