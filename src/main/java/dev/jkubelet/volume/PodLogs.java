package dev.jkubelet.volume;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where users find the logs of pods on the host.
 *
 * @param podLogs {@code /var/log/pods}
 * @param containerLogs {@code /var/log/containers}, the flat view that log shippers read
 */
record PodLogs(Path podLogs, Path containerLogs) {
  private static final int NAME_MAX = 255;

  /** Makes {@code <ns>_<name>_<uid>} and says where. */
  Path create(Pod pod) throws IOException {
    var directory = directory(PodKey.of(pod));
    PodDirs.makeAll(directory, "rwxr-xr-x");
    return directory;
  }

  /** Removes a pod's logs, and the links of the flat view that lead to them. */
  void remove(PodKey pod) throws IOException {
    var directory = directory(pod);
    if (Files.isDirectory(containerLogs)) {
      try (var links = Files.newDirectoryStream(containerLogs, Files::isSymbolicLink)) {
        for (var link : links) {
          if (leadsInto(directory, link)) {
            Files.deleteIfExists(link);
          }
        }
      }
    }
    FileTree.remove(directory);
  }

  /**
   * The pods of which nothing but links that lead nowhere is left: the engine has their logs no
   * more. Logs of others' containers, on another engine perhaps, are none of these.
   */
  List<PodKey> leftovers() throws IOException {
    if (!Files.isDirectory(podLogs)) {
      return List.of();
    }
    var leftovers = new ArrayList<PodKey>();
    try (var folders = Files.newDirectoryStream(podLogs, Files::isDirectory)) {
      for (var folder : folders) {
        if (leadsNowhere(folder)) {
          key(folder).ifPresent(leftovers::add);
        }
      }
    }
    return leftovers;
  }

  private static boolean leadsNowhere(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      var left = files.filter(file -> !Files.isDirectory(file)).toList();
      return !left.isEmpty() && left.stream().noneMatch(Files::exists);
    }
  }

  private static Optional<PodKey> key(Path folder) {
    var parts = folder.getFileName().toString().split("_", -1);
    return Optional.of(parts)
        .filter(names -> names.length == 3 && Arrays.stream(names).allMatch(PodDirs::isComponent))
        .map(names -> new PodKey(names[0], names[1], names[2]));
  }

  private static boolean leadsInto(Path directory, Path link) throws IOException {
    try {
      var target = Files.readSymbolicLink(link);
      return link.resolveSibling(target).normalize().startsWith(directory.normalize());
    } catch (NoSuchFileException _) {
      return false; // another pod's, removed meanwhile
    }
  }

  private Path directory(PodKey pod) {
    var name =
        String.join(
            "_",
            PodDirs.component("metadata.namespace", pod.namespace()),
            PodDirs.component("metadata.name", pod.name()),
            PodDirs.component("metadata.uid", pod.uid()));
    if (name.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "expected at most %d characters of namespace_name_uid together, got %d"
              .formatted(NAME_MAX, name.length()));
    }
    return podLogs.resolve(name);
  }
}
