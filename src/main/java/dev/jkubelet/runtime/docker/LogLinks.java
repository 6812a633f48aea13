package dev.jkubelet.runtime.docker;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two links by which kubectl and log collectors find a container's log: {@code
 * /var/log/containers/<pod>_<namespace>_<container>-<id>.log} leads to {@code
 * /var/log/pods/…/<attempt>.log}, which leads to the engine's file. A link that can't be made is
 * logged; the container runs all the same.
 */
record LogLinks(Path containersFolder) {
  private static final Logger log = LoggerFactory.getLogger(LogLinks.class);

  /** File names end at 255 bytes; the kubelet shortens what comes before {@code .log}. */
  private static final int MAX_NAME = 251;

  void make(String id, DockerName name, Path podLog, Path engineLog) {
    try {
      link(podLog, engineLog);
      link(containerLink(id, name), podLog);
    } catch (IOException | UnsupportedOperationException failure) {
      log.warn("Could not link the log of container {} at {}", name, podLog, failure);
    }
  }

  /** Removes links only: nothing else, and not one that leads to a newer container's log. */
  void remove(String id, DockerName name, Path podLog, Path engineLog) {
    try {
      unlink(containerLink(id, name), podLog);
      unlink(podLog, engineLog);
    } catch (IOException failure) {
      log.warn("Could not remove the log links of container {} at {}", name, podLog, failure);
    }
  }

  private Path containerLink(String id, DockerName name) {
    var pod = name.pod();
    var text = pod.name() + "_" + pod.namespace() + "_" + name.container() + "-" + id;
    var shortened = text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME);
    return containersFolder.resolve(shortened + ".log");
  }

  private static void link(Path link, Path target) throws IOException {
    Files.createDirectories(
        link.getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    try {
      Files.createSymbolicLink(link, target);
    } catch (FileAlreadyExistsException _) {
      if (!leadsTo(link, target)) {
        Files.delete(link);
        Files.createSymbolicLink(link, target);
      }
    }
  }

  private static void unlink(Path link, Path target) throws IOException {
    if (leadsTo(link, target)) {
      Files.deleteIfExists(link);
    }
  }

  private static boolean leadsTo(Path link, Path target) throws IOException {
    return Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target);
  }
}
