package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Gives a volume to {@code fsGroup}, with the modes of the kubelet's SetVolumeOwnership. */
final class Ownership {
  private static final int SETGID = 02000;
  private static final int EXECUTE = 0110;

  private Ownership() {}

  /** What owner and group may do with the files at least. */
  enum Access {
    READ_WRITE(0660),
    READ_ONLY(0440);

    private final int mode;

    Access(int mode) {
      this.mode = mode;
    }
  }

  /**
   * Gives a volume that outlives pods to the group that the pod wants it to have, if any. Where the
   * pod says so, a volume whose root is as it shall be is taken to be so all the way down.
   *
   * @param context null when the pod has none
   */
  static void give(Path volume, PodSecurityContext context) throws IOException {
    if (context == null || context.getFsGroup() == null) {
      return;
    }
    boolean trusting = "OnRootMismatch".equals(context.getFsGroupChangePolicy());
    if (!trusting || !belongs(volume, context.getFsGroup())) {
      give(volume, context.getFsGroup(), Access.READ_WRITE);
    }
  }

  private static boolean belongs(Path root, long group) throws IOException {
    int wanted = Access.READ_WRITE.mode | SETGID | EXECUTE;
    int mode = (int) Files.getAttribute(root, "unix:mode");
    return (int) Files.getAttribute(root, "unix:gid") == group && (mode & wanted) == wanted;
  }

  /** New files in it will have the group too (setgid). Symbolic links are left alone. */
  static void give(Path volume, long group, Access access) throws IOException {
    Files.walkFileTree(
        volume,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            change(dir, group, access.mode | SETGID | EXECUTE);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isSymbolicLink()) {
              change(file, group, access.mode);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void change(Path file, long group, int mask) throws IOException {
    Files.setAttribute(file, "unix:gid", Math.toIntExact(group), LinkOption.NOFOLLOW_LINKS);
    int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:mode", (mode & 07777) | mask);
  }
}
