package dev.jkubelet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the API server tells of objects, one line for each version, from now on. */
final class Watch implements AutoCloseable {
  private final Path told;
  private final Process process;

  /** With {@code kubectl get}, which tells of those that are there first. */
  Watch(Path folder, String kind, String columns) throws IOException {
    told = Files.createTempFile(folder, kind, ".watch");
    process =
        Cluster.kubectlProcess(
                "get", kind, "--watch", "--no-headers", "-o", "custom-columns=" + columns)
            .redirectOutput(told.toFile())
            .redirectErrorStream(true)
            .start();
  }

  List<String> lines() {
    try {
      return Files.readAllLines(told).stream()
          .map(line -> line.strip().replaceAll(" +", " "))
          .toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
