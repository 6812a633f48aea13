package dev.jkubelet.node.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The folder into which plugins put their sockets; what else is in it does not count. */
record PluginFolder(Path folder) implements Callable<Map<Path, Object>> {
  /** Of a file's mode: what kind it is, and that it is a socket. */
  private static final int KIND = 0170000;

  private static final int SOCKET = 0140000;

  @Override
  public Map<Path, Object> call() throws IOException {
    Files.createDirectories(folder);
    var sockets = new HashMap<Path, Object>();
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        if (!entry.getFileName().toString().startsWith(".")) {
          add(entry, sockets);
        }
      }
    }
    return sockets;
  }

  private static void add(Path entry, Map<Path, Object> sockets) throws IOException {
    try {
      int mode = (int) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if ((mode & KIND) == SOCKET) {
        var file =
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        // A number may be given again at once, to the socket of the same plugin started anew.
        sockets.put(entry, List.of(file.fileKey(), file.creationTime(), file.lastModifiedTime()));
      }
    } catch (NoSuchFileException gone) {
      sockets.remove(entry);
    }
  }
}
