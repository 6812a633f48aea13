package dev.jkubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.UUID;

/**
 * Removes a folder with all that is in it, as rm(1) would, but sure never to leave it: it works on
 * open folders instead of paths, so that no symbolic link is followed however it got there, and it
 * renames every folder before it looks inside, which Linux refuses for a mount point (EBUSY).
 *
 * <p>Each folder's own folders are moved up to the top first. So a tree of any depth costs two open
 * files and no recursion: a container can build one deep enough to exhaust either.
 */
final class FileTree {
  private final String prefix = ".removing-" + UUID.randomUUID() + "-";
  private long moved;

  private FileTree() {}

  /** Does nothing when it is gone already. */
  static void remove(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(root);
      return;
    }
    if (MountTable.read().isMountPoint(MountTable.canonical(root))) {
      throw new IOException(root + " is a mount point, not removed");
    }
    new FileTree().empty(root);
    Files.deleteIfExists(root);
  }

  private void empty(Path root) throws IOException {
    boolean found = true;
    while (found) { // folders moved up during a pass may or may not show in it
      found = false;
      try (var top = Files.newDirectoryStream(root)) {
        for (var entry : top) {
          found = true;
          removeFromTop((SecureDirectoryStream<Path>) top, entry.getFileName());
        }
      }
    }
  }

  private void removeFromTop(SecureDirectoryStream<Path> top, Path name) throws IOException {
    if (!isDirectory(top, name)) {
      deleteFile(top, name);
      return;
    }
    var doomed = name.resolveSibling(prefix + moved++);
    top.move(name, top, doomed);
    try (var folder = top.newDirectoryStream(doomed, LinkOption.NOFOLLOW_LINKS)) {
      for (var entry : folder) {
        var inner = entry.getFileName();
        if (isDirectory(folder, inner)) {
          folder.move(inner, top, name.resolveSibling(prefix + moved++));
        } else {
          deleteFile(folder, inner);
        }
      }
    }
    top.deleteDirectory(doomed);
  }

  private static void deleteFile(SecureDirectoryStream<Path> folder, Path name) throws IOException {
    try {
      folder.deleteFile(name);
    } catch (NoSuchFileException _) {
      // A renamed folder may be listed again after it is gone.
    }
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    try {
      return folder
          .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes()
          .isDirectory();
    } catch (NoSuchFileException _) {
      return false;
    }
  }
}
