package dev.jkubelet.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine's kernel has been told of cgroups. */
final class Kernel {
  private Kernel() {}

  /** Of cgroup v1 or v2, whichever this machine has. */
  static String limit(String controller, String cgroup, String v1, String v2) throws IOException {
    var old = Path.of("/sys/fs/cgroup", controller, cgroup, v1);
    var file = Files.exists(old) ? old : Path.of("/sys/fs/cgroup", cgroup, v2);
    return Files.readString(file).strip();
  }

  /** Bytes that its processes may have in memory. */
  static String memory(String cgroup) throws IOException {
    return limit("memory", cgroup, "memory.limit_in_bytes", "memory.max");
  }

  /** Microseconds of each tenth of a second. */
  static String cpuQuota(String cgroup) throws IOException {
    return limit("cpu", cgroup, "cpu.cfs_quota_us", "cpu.max").replace(" 100000", "");
  }

  /** Processes there may be. */
  static String pids(String cgroup) throws IOException {
    return limit("pids", cgroup, "pids.max", "pids.max");
  }
}
