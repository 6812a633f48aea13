package dev.jkubelet.stats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Cgroups and processes as recorded files in a folder; what the kernel would change, tests do. */
final class CgroupFixture {
  static final String POD_UID = "a7af8e1e73df28a9daaeefcd1f2a5842";
  static final String ID = "e06fa9ce8ab8784255392580a8fbd6f3296e56c3439ca5435fdcceffb9e91859";
  static final String BOX = "1e51f7e5791556dcdddede52798c27abd7bb37a9e49b08947879707b84c9f151";
  static final String POD = "/kubepods/burstable/pod" + POD_UID;

  private static final List<String> V1 =
      List.of("cpu", "cpuacct", "memory", "pids", "cpuset", "blkio");

  private final Path root;

  CgroupFixture(Path root) {
    this.root = root;
    write(
        proc().resolve("meminfo"),
        "MemTotal:       24683656 kB\nMemFree:   20683656 kB\nSwapTotal: 1024 kB\n");
    write(proc().resolve("loadavg"), "0.52 0.58 0.59 2/1716 12345\n");
    write(proc().resolve("sys/kernel/pid_max"), "32768\n");
    write(
        proc().resolve("77/net/dev"),
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
          eth0:  195960    1510    1    2    0     0          0         0   237816    1600    3    4    0     0       0          0
        veth12:       9       9    9    9    0     0          0         0        9       9    9    9    0     0       0          0
        """);
    write(
        proc().resolve("77/limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             unlimited            unlimited            processes
        Max open files            20000                1048576              files
        """);
    try {
      Files.createDirectories(proc().resolve("77/fd"));
      Files.createSymbolicLink(proc().resolve("77/fd/0"), Path.of("pipe:[122]"));
      Files.createSymbolicLink(proc().resolve("77/fd/3"), Path.of("socket:[123]"));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  Path proc() {
    return root.resolve("proc");
  }

  Path cgroupFs() {
    return root.resolve("cgroup");
  }

  /** The machine, all pods, a class, a pod, its sandbox and a container, with cgroup v1. */
  CgroupFixture v1() {
    for (var path : List.of("/", "/kubepods", "/kubepods/burstable", POD)) {
      v1(path, "");
    }
    v1(POD + "/" + BOX, "77\n");
    v1(POD + "/" + ID, "78\n79\n");
    return this;
  }

  void v1(String path, String processes) {
    for (var controller : V1) {
      file(controller, path, "cgroup.clone_children", "0\n");
      file(controller, path, "cgroup.procs", processes);
    }
    file("cpuacct", path, "cpuacct.usage_percpu", "1289532941 1220894016 \n");
    file("cpuacct", path, "cpuacct.stat", "user 55\nsystem 195\n");
    file("cpu", path, "cpu.stat", "nr_periods 1196\nnr_throttled 7\nthrottled_time 195082690\n");
    file("cpu", path, "cpu.shares", "51\n");
    file("cpu", path, "cpu.cfs_quota_us", "20000\n");
    file("cpu", path, "cpu.cfs_period_us", "100000\n");
    file("cpuset", path, "cpuset.cpus", "0-1\n");
    file(
        "memory",
        path,
        "memory.stat",
        """
        cache 1
        rss 2
        pgfault 91268
        pgmajfault 3
        total_cache 8192
        total_rss 49152
        total_rss_huge 0
        total_mapped_file 4096
        total_swap 12288
        total_inactive_file 4096
        total_pgfault 99999
        """);
    file("memory", path, "memory.usage_in_bytes", "397312\n");
    file("memory", path, "memory.max_usage_in_bytes", "2592768\n");
    file("memory", path, "memory.failcnt", "5\n");
    file("memory", path, "memory.limit_in_bytes", "67108864\n");
    file("memory", path, "memory.soft_limit_in_bytes", "9223372036854771712\n");
    file("memory", path, "memory.memsw.limit_in_bytes", "67108864\n");
    file("pids", path, "pids.current", "4\n");
    file("pids", path, "pids.max", "max\n");
    file(
        "blkio",
        path,
        "blkio.throttle.io_service_bytes_recursive",
        "999:1 Read 4096\n999:1 Write 8192\n999:1 Sync 0\n999:1 Total 12288\nTotal 12288\n");
    file(
        "blkio",
        path,
        "blkio.throttle.io_serviced_recursive",
        "999:1 Read 1\n999:1 Write 2\n999:1 Total 3\nTotal 3\n");
  }

  void v2(String path, String processes) {
    write(cgroupFs().resolve("cgroup.controllers"), "cpuset cpu io memory hugetlb pids\n");
    file("", path, "cgroup.controllers", "cpu io memory pids\n");
    file("", path, "cgroup.procs", processes);
    file(
        "",
        path,
        "cpu.stat",
        """
        usage_usec 2510426
        user_usec 550000
        system_usec 1950000
        nr_periods 1196
        nr_throttled 7
        throttled_usec 195082
        """);
    file("", path, "cpu.max", "20000 100000\n");
    file("", path, "cpu.weight", "2\n");
    file("", path, "cpuset.cpus.effective", "0-1\n");
    file("", path, "memory.current", "397312\n");
    file("", path, "memory.max", "67108864\n");
    file("", path, "memory.swap.max", "max\n");
    file("", path, "memory.swap.current", "12288\n");
    file("", path, "memory.peak", "2592768\n");
    file("", path, "memory.events", "low 0\nhigh 0\nmax 5\noom 0\n");
    file(
        "",
        path,
        "memory.stat",
        """
        anon 49152
        file 8192
        file_mapped 4096
        inactive_file 4096
        pgfault 91268
        pgmajfault 3
        """);
    file("", path, "io.stat", "999:1 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n");
    file("", path, "pids.current", "4\n");
    file("", path, "pids.max", "max\n");
  }

  void file(String controller, String path, String name, String content) {
    write(cgroupFs().resolve(controller).resolve(path.substring(1)).resolve(name), content);
  }

  /** The cgroup ends, in every hierarchy that has it. */
  void remove(String path) {
    for (var controller : V1) {
      var folder = cgroupFs().resolve(controller).resolve(path.substring(1));
      if (Files.notExists(folder)) {
        continue;
      }
      try (var files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  private static void write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
