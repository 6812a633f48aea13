package dev.jkubelet.volume;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the kubelet keeps what belongs to a pod: {@code <root-dir>/pods/<uid>/…}. Every UID and
 * name becomes one path component or is refused, before the disk is touched.
 */
record PodDirs(Path rootDir) {
  private static final Pattern COMPONENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,252}");
  private static final String PRIVATE = "rwxr-x---";
  private static final String SUB_PATHS = "volume-subpaths";

  Path pods() {
    return rootDir.resolve("pods");
  }

  Path pod(String uid) {
    return pods().resolve(component("metadata.uid", uid));
  }

  Path volumes(String uid) {
    return pod(uid).resolve("volumes");
  }

  /** A volume's folder; {@code plugin} as on disk, {@code kubernetes.io~empty-dir}. */
  Path volume(String uid, String plugin, String volume) {
    return volumes(uid).resolve(plugin).resolve(component("spec.volumes[].name", volume));
  }

  Path plugins(String uid) {
    return pod(uid).resolve("plugins");
  }

  /** The file that says a volume was finished, so that a later call leaves its content alone. */
  Path ready(String uid, String plugin, String volume) {
    return plugins(uid).resolve(plugin).resolve(component("volume", volume)).resolve("ready");
  }

  Path containers(String uid) {
    return pod(uid).resolve("containers");
  }

  Path container(String uid, String container) {
    return containers(uid).resolve(component("spec.containers[].name", container));
  }

  /** Where a container's subPath is bound; as the kubelet lays them. */
  Path subPath(String uid, String volume, String container, int index) {
    return subPaths(uid)
        .resolve(component("volumeMounts[].name", volume))
        .resolve(component("spec.containers[].name", container))
        .resolve(String.valueOf(index));
  }

  Path subPaths(String uid) {
    return pod(uid).resolve(SUB_PATHS);
  }

  /** Where a CSI volume is staged for all pods of the node, and what is known of it. */
  Path csi(String persistentVolume) {
    return rootDir
        .resolve("plugins/kubernetes.io/csi/pv")
        .resolve(component("persistentVolume", persistentVolume));
  }

  /** All that there is because of the pod's volumes. */
  List<Path> ofVolumes(String uid) {
    return List.of(volumes(uid), subPaths(uid), plugins(uid));
  }

  void create(String uid) throws IOException {
    makeAll(volumes(uid));
    makeAll(plugins(uid));
    makeAll(containers(uid));
  }

  /** Makes a folder and its parents, each 0750 whatever the umask. */
  static void makeAll(Path dir) throws IOException {
    makeAll(dir, PRIVATE);
  }

  /** Makes a folder and its parents, all new ones with these permissions whatever the umask. */
  static void makeAll(Path dir, String permissions) throws IOException {
    if (Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (dir.getParent() != null && !Files.exists(dir.getParent())) {
      makeAll(dir.getParent(), permissions);
    }
    try {
      Files.createDirectory(dir);
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString(permissions));
    } catch (FileAlreadyExistsException raced) {
      if (!Files.isDirectory(dir)) {
        throw raced;
      }
    }
  }

  static boolean isComponent(String name) {
    return COMPONENT.matcher(name).matches();
  }

  static String component(String field, String name) {
    if (name == null || !isComponent(name)) {
      throw new IllegalArgumentException(
          field + ": expected letters, digits, '-', '_' and '.' that name a file, got " + name);
    }
    return name;
  }
}
