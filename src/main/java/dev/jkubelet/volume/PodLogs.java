package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Where users find the logs of pods on the host. All methods block; call them where blocking calls
 * run.
 *
 * @param podLogs {@code /var/log/pods}
 * @param containerLogs {@code /var/log/containers}, the flat view that log shippers read
 */
public record PodLogs(Path podLogs, Path containerLogs) {
  private static final int NAME_MAX = 255;

  /** Makes {@code <ns>_<name>_<uid>} and says where. */
  public Path create(Pod pod) throws IOException {
    var directory = directory(pod);
    PodDirs.makeAll(directory, "rwxr-xr-x");
    return directory;
  }

  /** Where a pod's logs are, made or not. */
  public Path directory(Pod pod) {
    return directory(pod.getMetadata());
  }

  /** Removes a pod's logs, and the links of the flat view that lead to them. */
  public void remove(Pod pod) throws IOException {
    var directory = directory(pod.getMetadata());
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

  private static boolean leadsInto(Path directory, Path link) throws IOException {
    try {
      var target = Files.readSymbolicLink(link);
      return link.resolveSibling(target).normalize().startsWith(directory.normalize());
    } catch (NoSuchFileException _) {
      return false; // another pod's, removed meanwhile
    }
  }

  private Path directory(ObjectMeta meta) {
    var name =
        String.join(
            "_",
            PodDirs.component("metadata.namespace", meta.getNamespace()),
            PodDirs.component("metadata.name", meta.getName()),
            PodDirs.component("metadata.uid", meta.getUid()));
    if (name.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "expected at most %d characters of namespace_name_uid together, got %d"
              .formatted(NAME_MAX, name.length()));
    }
    return podLogs.resolve(name);
  }
}
