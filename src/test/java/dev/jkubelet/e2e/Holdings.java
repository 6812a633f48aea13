package dev.jkubelet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What clients of an agent have it and the engine hold. */
final class Holdings {
  private Holdings() {}

  /** In that container, as the engine knows them. */
  static int execs(String container) {
    var ids = Docker.run("inspect", "-f", "{{range .ExecIDs}}{{.}} {{end}}", container);
    return List.of(String.join("", ids).strip().split(" +")).stream()
        .mapToInt(id -> id.isEmpty() ? 0 : 1)
        .sum();
  }

  /** The most memory that the agent's process had, in MiB. */
  static long peakMemory(Agent agent) {
    try (var lines = Files.lines(Path.of("/proc/" + agent.pid() + "/status"))) {
      return lines
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow()
          / 1024;
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
