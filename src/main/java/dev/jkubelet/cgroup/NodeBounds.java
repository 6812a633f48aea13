package dev.jkubelet.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What all pods together may use. The kubelet enforces capacity less {@code kubeReserved} and
 * {@code systemReserved}; eviction thresholds only lower what the node offers to the scheduler.
 *
 * @param milliCpu thousandths of a CPU
 * @param memoryBytes 0 for no limit
 * @param pids 0 for no limit
 */
public record NodeBounds(long milliCpu, long memoryBytes, long pids) {
  /** The whole machine, read from {@code /proc}: all CPUs, MemTotal, and the kernel's pid_max. */
  public static NodeBounds ofMachine(Path proc) throws IOException {
    long cpus;
    try (var lines = Files.lines(proc.resolve("cpuinfo"))) {
      cpus = lines.filter(line -> line.startsWith("processor")).count();
    }
    long memory;
    try (var lines = Files.lines(proc.resolve("meminfo"))) {
      memory =
          lines
              .filter(line -> line.startsWith("MemTotal:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
              .findFirst()
              .orElse(0);
    }
    return new NodeBounds(cpus * 1000, memory, pidMax(proc.resolve("sys/kernel/pid_max")));
  }

  /** A sysctl answers its first read alone, whatever its size: it must be asked for all at once. */
  private static long pidMax(Path sysctl) throws IOException {
    try (var in = Files.newInputStream(sysctl)) {
      return Long.parseLong(new String(in.readNBytes(64), StandardCharsets.US_ASCII).strip());
    }
  }

  /** What is left for pods after reservations, never less than nothing. */
  public NodeBounds minus(NodeBounds reserved) {
    return new NodeBounds(
        Math.max(0, milliCpu - reserved.milliCpu),
        Math.max(0, memoryBytes - reserved.memoryBytes),
        Math.max(0, pids - reserved.pids));
  }
}
