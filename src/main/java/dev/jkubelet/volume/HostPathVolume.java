package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** A file or folder of the host, checked to be what the manifest says it is. */
final class HostPathVolume {
  private static final int TYPE_MASK = 0170000;

  private HostPathVolume() {}

  static Path setUp(HostPathVolumeSource source) throws IOException {
    var path = path(source.getPath());
    switch (Optional.ofNullable(source.getType()).orElse("")) {
      case "" -> {}
      case "DirectoryOrCreate" -> {
        if (!Files.exists(path)) {
          Files.createDirectories(path, permissions("rwxr-xr-x"));
        }
        check(path, 0040000, "a directory");
      }
      case "Directory" -> check(path, 0040000, "a directory");
      case "FileOrCreate" -> {
        if (!Files.exists(path)) {
          create(path);
        }
        check(path, 0100000, "a file");
      }
      case "File" -> check(path, 0100000, "a file");
      case "Socket" -> check(path, 0140000, "a socket file");
      case "CharDevice" -> check(path, 0020000, "a character device");
      case "BlockDevice" -> check(path, 0060000, "a block device");
      case String unknown -> throw new IOException(unknown + " is an invalid volume type");
    }
    return path;
  }

  private static Path path(String text) throws IOException {
    Path path;
    try {
      path = Path.of(Optional.ofNullable(text).orElse(""));
    } catch (InvalidPathException notPath) {
      throw invalid(text, notPath.getReason());
    }
    for (var part : path) {
      if (part.toString().equals("..")) {
        throw invalid(text, "must not contain '..'");
      }
    }
    if (!path.isAbsolute()) { // the engine would take it for the name of a volume of its own
      throw invalid(text, "must be an absolute path");
    }
    return path;
  }

  private static IOException invalid(String path, String why) {
    return new IOException("invalid HostPath `" + path + "`: " + why);
  }

  private static void create(Path file) throws IOException {
    try {
      Files.createFile(file, permissions("rw-r--r--"));
    } catch (FileAlreadyExistsException _) {
      // Somebody else was faster: the check that follows tells what it is.
    } catch (NoSuchFileException noParent) {
      throw new IOException("open " + file + ": no such file or directory", noParent);
    }
  }

  private static FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  private static void check(Path path, int type, String what) throws IOException {
    if (!Files.exists(path) || ((int) Files.getAttribute(path, "unix:mode") & TYPE_MASK) != type) {
      throw new IOException("hostPath type check failed: " + path + " is not " + what);
    }
  }
}
