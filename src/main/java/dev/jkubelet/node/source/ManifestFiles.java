package dev.jkubelet.node.source;

import dev.jkubelet.model.manifest.ManifestDecoder;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies at the manifest path now. Blocks; links are followed, as the kubelet does.
 *
 * @param path one manifest, or a folder of them
 */
record ManifestFiles(Path path) {
  /** Manifests in one folder; far above any node's pods. */
  static final int MOST_FILES = 4096;

  /** What a scan found. */
  sealed interface Scan {
    /** Nothing is there: no pods are wanted. */
    record Missing(Path path) implements Scan {}

    /** The files by path, in the order of their names. */
    record Found(SortedMap<Path, Content> files) implements Scan {}
  }

  /** One file. */
  sealed interface Content {
    /** At most one byte more than a manifest may have. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared: its digest is.
    record Bytes(byte[] bytes) implements Content {}

    /** It is there but can't be read. */
    record Unreadable(String reason) implements Content {}

    /** It is no manifest. */
    record Ignored(String reason) implements Content {}
  }

  /**
   * @throws IOException if nothing at all can be said about the path
   */
  Scan scan() throws IOException {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      var files = new TreeMap<Path, Content>();
      if (attributes.isDirectory()) {
        list(files);
      } else if (attributes.isRegularFile()) {
        files.put(path, read(path));
      } else {
        throw new IOException("expected a folder or a file");
      }
      return new Scan.Found(files);
    } catch (NoSuchFileException _) {
      return new Scan.Missing(path);
    }
  }

  private void list(SortedMap<Path, Content> files) throws IOException {
    try (var entries = Files.newDirectoryStream(path)) {
      for (var entry : entries) {
        if (entry.getFileName().toString().startsWith(".")) {
          continue;
        }
        if (files.size() == MOST_FILES) {
          throw new IOException("more than " + MOST_FILES + " files");
        }
        entry(entry, files);
      }
    } catch (DirectoryIteratorException broken) {
      throw broken.getCause();
    }
  }

  private static void entry(Path entry, SortedMap<Path, Content> files) {
    try {
      var attributes = Files.readAttributes(entry, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        return;
      }
      if (!attributes.isRegularFile()) {
        files.put(entry, new Content.Ignored("not a regular file"));
      } else if (!isManifest(entry)) {
        files.put(entry, new Content.Ignored("the name ends in none of .yaml, .yml and .json"));
      } else {
        files.put(entry, read(entry));
      }
    } catch (NoSuchFileException _) {
      // Gone since it was listed, or a link to nothing: not there.
    } catch (IOException unreadable) {
      files.put(entry, new Content.Unreadable(unreadable.toString()));
    }
  }

  private static boolean isManifest(Path file) {
    var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private static Content read(Path file) throws NoSuchFileException {
    try (var in = Files.newInputStream(file)) {
      return new Content.Bytes(in.readNBytes(ManifestDecoder.LONGEST + 1));
    } catch (NoSuchFileException gone) {
      throw gone;
    } catch (IOException unreadable) {
      return new Content.Unreadable(unreadable.toString());
    }
  }
}
