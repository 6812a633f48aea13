package dev.jkubelet.stats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What real machines, kubelets and cAdvisors had to say. */
final class Recorded {
  private static final long INODES = 3_085_457;

  /** Capacity by mount point of the machine of {@code golden-machine.txt}. */
  private static final Map<String, Long> CAPACITY =
      Map.of(
          "/mnt/sandboxing/model_tools_env/v1/python", 4096L,
          "/sys/fs/cgroup", 12_638_031_872L,
          "/dev/shm", 25_276_063_744L);

  private Recorded() {}

  static String text(String resource) {
    try (var in = Recorded.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Lays out the files of a machine, {@code path|content} a line. */
  static Path machine(Path root) throws IOException {
    for (var line : text("golden-machine.txt").lines().toList()) {
      int bar = line.indexOf('|');
      write(root, line.substring(0, bar), line.substring(bar + 1).translateEscapes() + "\n");
    }
    return root;
  }

  static void write(Path root, String path, String content) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  static Optional<DiskSpace> space(Path mountPoint) {
    var path = mountPoint.toString();
    if (path.equals("/")) {
      return Optional.of(new DiskSpace(270_553_174_016L, 1, 1, 16_777_216, 1));
    }
    long capacity = CAPACITY.getOrDefault(path, 12_638_031_872L);
    return Optional.of(new DiskSpace(capacity, 1, 1, INODES, 1));
  }
}
