package dev.jkubelet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What clients of an agent have it hold.
 *
 * @param descriptors of its process
 * @param requests that it has not answered to their end, sessions included
 * @param execs in a container, as the engine knows them
 * @param processes in that container, the first one included
 */
record Holdings(long descriptors, long actors, long requests, int execs, int processes) {
  static Holdings of(Agent agent, String container) {
    return new Holdings(
        descriptors(agent.pid()),
        sum(agent, "jkubelet_actors{"),
        sum(agent, "kubelet_http_inflight_requests{"),
        execs(container),
        processes(container));
  }

  private static long descriptors(long pid) {
    try (var all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return all.count();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private static long sum(Agent agent, String family) {
    var metrics = agent.get("http://127.0.0.1:" + agent.readOnlyPort + "/metrics").body();
    return metrics
        .lines()
        .filter(line -> line.startsWith(family))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  static int execs(String container) {
    var ids = Docker.run("inspect", "-f", "{{range .ExecIDs}}{{.}} {{end}}", container);
    return List.of(String.join("", ids).strip().split(" +")).stream()
        .mapToInt(id -> id.isEmpty() ? 0 : 1)
        .sum();
  }

  private static int processes(String container) {
    return Docker.run("top", container, "-o", "pid").size() - 1;
  }

  /** Whether it is no more than that and so much more of the agent's own. */
  boolean isWithin(Holdings other, int slack) {
    return descriptors <= other.descriptors + slack
        && actors <= other.actors + slack
        && requests <= other.requests
        && execs <= other.execs
        && processes <= other.processes;
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
