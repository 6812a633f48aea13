package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** A folder that lives as long as its pod, on disk or in memory. */
final class EmptyDirVolume {
  static final String PLUGIN = "kubernetes.io~empty-dir";
  private static final String MEMORY = "Memory";

  private final PodDirs dirs;

  EmptyDirVolume(PodDirs dirs) {
    this.dirs = dirs;
  }

  /**
   * Makes it, or leaves it alone when an earlier call did: its content is the pod's.
   *
   * @param fsGroup the group that owns it, of {@code spec.securityContext}
   */
  Path setUp(String uid, String name, EmptyDirVolumeSource source, Optional<Long> fsGroup)
      throws IOException {
    var medium = Optional.ofNullable(source.getMedium()).orElse("");
    if (!medium.isEmpty() && !medium.equals(MEMORY)) {
      throw new IOException("emptyDir.medium: expected \"\" or Memory, got " + medium);
    }
    var dir = dirs.volume(uid, PLUGIN, name);
    var ready = dirs.ready(uid, PLUGIN, name);
    boolean there =
        medium.equals(MEMORY) ? isTmpfs(dir) : Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS);
    if (there && Files.exists(ready)) {
      return dir;
    }
    makeDir(dir);
    if (medium.equals(MEMORY) && !there) {
      Syscalls.mountTmpfs(dir, sizeOption(source.getSizeLimit()));
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
    if (!isTmpfs(dir)) {
      Syscalls.mountTmpfs(dir, "");
    }
  }

  static void makeDir(Path dir) throws IOException {
    PodDirs.makeAll(dir.getParent().getParent());
    PodDirs.makeAll(dir.getParent(), "rwxr-xr-x");
    PodDirs.makeAll(dir);
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private static boolean isTmpfs(Path dir) throws IOException {
    return Files.exists(dir) && MountTable.read().isMounted(MountTable.canonical(dir), "tmpfs");
  }

  private static String sizeOption(Quantity limit) throws IOException {
    if (limit == null) {
      return "";
    }
    BigDecimal bytes;
    try {
      bytes = Quantity.getAmountInBytes(limit).setScale(0, RoundingMode.UP);
    } catch (IllegalArgumentException notNumber) {
      throw new IOException(
          "emptyDir.sizeLimit: expected a quantity of bytes, got " + limit, notNumber);
    }
    return bytes.signum() > 0 ? "size=" + bytes.toPlainString() : "";
  }
}
