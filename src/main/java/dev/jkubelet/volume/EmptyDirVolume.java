package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** A folder that lives as long as its pod, on disk, in memory or in huge pages. */
final class EmptyDirVolume {
  static final String PLUGIN = "kubernetes.io~empty-dir";

  private final PodDirs dirs;

  EmptyDirVolume(PodDirs dirs) {
    this.dirs = dirs;
  }

  /**
   * Makes it, or leaves it alone when an earlier call did: its content is the pod's.
   *
   * @param fsGroup the group that owns it, of {@code spec.securityContext}
   */
  Path setUp(Pod pod, String name, EmptyDirVolumeSource source, Optional<Long> fsGroup)
      throws IOException {
    var medium = Medium.of(source, pod);
    var uid = pod.getMetadata().getUid();
    var dir = dirs.volume(uid, PLUGIN, name);
    var ready = dirs.ready(uid, PLUGIN, name);
    boolean there = medium.isThere(dir);
    if (there && Files.exists(ready)) {
      return dir;
    }
    makeDir(dir);
    if (!there) {
      medium.mount(dir);
    }
    if (fsGroup.isPresent()) {
      Ownership.give(dir, fsGroup.get(), Ownership.Access.READ_WRITE);
    }
    PodDirs.makeAll(ready.getParent());
    Files.write(ready, new byte[0]);
    return dir;
  }

  /** A tmpfs as large as the kernel's default allows, for files that the agent writes. */
  static void mountSmallFiles(Path dir) throws IOException {
    makeDir(dir);
    var memory = new Medium.Memory("");
    if (!memory.isThere(dir)) {
      memory.mount(dir);
    }
  }

  static void makeDir(Path dir) throws IOException {
    PodDirs.makeAll(dir.getParent().getParent());
    PodDirs.makeAll(dir.getParent(), "rwxr-xr-x");
    PodDirs.makeAll(dir);
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
  }
}
