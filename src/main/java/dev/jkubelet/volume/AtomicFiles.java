package dev.jkubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files of a volume that readers see change all at once: they are links through {@code ..data},
 * which is a link to a dated folder, and is replaced by a rename. The kubelet's layout, on which
 * programs that watch for changes rely.
 */
final class AtomicFiles {
  private static final String DATA = "..data";
  private static final DateTimeFormatter DATED =
      DateTimeFormatter.ofPattern("'..'yyyy_MM_dd_HH_mm_ss.", Locale.ROOT);

  private AtomicFiles() {}

  /**
   * A file to be.
   *
   * @param mode permission bits
   * @param owner empty for root
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as records
  record Content(byte[] bytes, int mode, Optional<Long> owner) {
    Content(byte[] bytes, int mode) {
      this(bytes, mode, Optional.empty());
    }
  }

  /** Writes the files, by their relative paths, unless they are there with the same content. */
  static void write(Path dir, Map<String, Content> files) throws IOException {
    for (var path : files.keySet()) {
      check(path);
    }
    var data = dir.resolve(DATA);
    if (isCurrent(data, files)) {
      return;
    }
    var dated =
        Files.createDirectory(
            dir.resolve(
                LocalDateTime.now(ZoneId.systemDefault()).format(DATED)
                    + ThreadLocalRandom.current().nextInt(1_000_000_000)));
    Files.setAttribute(dated, "unix:mode", 0755);
    for (var file : files.entrySet()) {
      var path = dated.resolve(file.getKey());
      PodDirs.makeAll(path.getParent(), "rwxr-xr-x");
      Files.write(path, file.getValue().bytes());
      Files.setAttribute(path, "unix:mode", file.getValue().mode());
      if (file.getValue().owner().isPresent()) {
        Files.setAttribute(
            path, "unix:uid", Math.toIntExact(file.getValue().owner().orElseThrow()));
      }
    }
    replaceLink(data, dated.getFileName());
    for (var path : files.keySet()) {
      var top = Path.of(path).getName(0);
      if (!Files.exists(dir.resolve(top), LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(dir.resolve(top), Path.of(DATA).resolve(top));
      }
    }
    removeOthers(dir, dated, files);
  }

  private static void check(String path) throws IOException {
    var parsed = Path.of(path);
    boolean leaves = parsed.isAbsolute() || path.isEmpty() || !parsed.normalize().equals(parsed);
    if (leaves || path.startsWith("..")) {
      throw new IOException("items[].path: expected a path inside the volume, got " + path);
    }
  }

  private static boolean isCurrent(Path data, Map<String, Content> files) throws IOException {
    if (!Files.isDirectory(data)) {
      return false;
    }
    for (var file : files.entrySet()) {
      var path = data.resolve(file.getKey());
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          || !Arrays.equals(Files.readAllBytes(path), file.getValue().bytes())) {
        return false;
      }
    }
    try (var there = Files.walk(data.toRealPath())) {
      return there.filter(Files::isRegularFile).count() == files.size();
    }
  }

  private static void replaceLink(Path link, Path target) throws IOException {
    var next = link.resolveSibling(DATA + "_tmp");
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, target);
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void removeOthers(Path dir, Path dated, Map<String, Content> files)
      throws IOException {
    try (var entries = Files.newDirectoryStream(dir)) {
      for (var entry : entries) {
        var name = entry.getFileName();
        boolean wanted =
            entry.equals(dated)
                || name.toString().equals(DATA)
                || files.keySet().stream().anyMatch(path -> Path.of(path).startsWith(name));
        if (!wanted) {
          FileTree.remove(entry);
        }
      }
    }
  }
}
