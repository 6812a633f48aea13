package dev.jkubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file or folder of a volume, for a container to mount. Containers that share the volume can swap
 * any part of it for a symbolic link at any time. So the path is resolved by the kernel, which
 * refuses to leave the volume, and what it found is bound to a place that only the agent can
 * change.
 */
final class SubPath {
  private final PodDirs dirs;

  SubPath(PodDirs dirs) {
    this.dirs = dirs;
  }

  /**
   * Finds {@code path} below {@code volume}, makes it as a folder if it is missing, and binds it.
   *
   * @return where it is bound; an earlier binding of the same mount is replaced
   */
  Path bind(String uid, String name, String container, int index, Path volume, String path)
      throws IOException {
    int mode = (int) Files.getAttribute(volume, "unix:mode") & 07777;
    int anchor = Syscalls.openAnchor(volume.toRealPath());
    try {
      int found = openOrMake(anchor, path, mode);
      try {
        var target = dirs.subPath(uid, name, container, index);
        makeTarget(target, Files.isDirectory(Path.of("/proc/self/fd/" + found)));
        Syscalls.bind(found, target);
        return target;
      } finally {
        Syscalls.close(found);
      }
    } finally {
      Syscalls.close(anchor);
    }
  }

  private static int openOrMake(int anchor, String path, int mode) throws IOException {
    try {
      return Syscalls.openBeneath(anchor, path);
    } catch (Syscalls.Failure failure) {
      if (failure.errno() != Syscalls.ENOENT) {
        throw failure;
      }
    }
    var parts = Path.of(path).normalize();
    for (int end = 1; end <= parts.getNameCount(); end++) {
      make(anchor, parts.subpath(0, end), mode);
    }
    return Syscalls.openBeneath(anchor, path);
  }

  private static void make(int anchor, Path dir, int mode) throws IOException {
    var parent = dir.getParent() == null ? "." : dir.getParent().toString();
    int in = Syscalls.openBeneath(anchor, parent);
    try {
      Syscalls.mkdirat(in, dir.getFileName().toString(), mode);
      int made = Syscalls.openBeneath(in, dir.getFileName().toString());
      try {
        Files.setAttribute(Path.of("/proc/self/fd/" + made), "unix:mode", mode); // despite umask
      } finally {
        Syscalls.close(made);
      }
    } catch (Syscalls.Failure failure) {
      if (failure.errno() != Syscalls.EEXIST) {
        throw failure;
      }
    } finally {
      Syscalls.close(in);
    }
  }

  private static void makeTarget(Path target, boolean directory) throws IOException {
    PodDirs.makeAll(target.getParent());
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      var real = MountTable.canonical(target);
      while (MountTable.read().isMountPoint(real)) {
        Syscalls.detach(real);
      }
      Files.deleteIfExists(target);
    }
    if (directory) {
      Files.createDirectory(target);
    } else {
      Files.createFile(target);
    }
  }
}
