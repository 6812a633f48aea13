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
    return number(lineOf(agent.proc().resolve("status"), "VmHWM")) / 1024;
  }

  /** What is reachable in the agent's heap, in MiB. */
  static long heap(Agent agent) {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      var histogram =
          new ProcessBuilder(jcmd, String.valueOf(agent.pid()), "GC.class_histogram").start();
      try (var lines = histogram.inputReader()) {
        var total = lines.lines().filter(line -> line.startsWith("Total ")).findFirst();
        return number(total.orElseThrow().replaceFirst("Total +\\d+", "")) >> 20;
      }
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Files and sockets that the agent has open. */
  static int descriptors(Agent agent) {
    try (var open = Files.list(agent.proc().resolve("fd"))) {
      return (int) open.count();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** The line of that name in a file of /proc; empty when the process has gone. */
  static String lineOf(Path file, String name) {
    try (var lines = Files.lines(file)) {
      return lines.filter(line -> line.startsWith(name + ":")).findFirst().orElse("");
    } catch (IOException | UncheckedIOException gone) {
      return "";
    }
  }

  private static long number(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
