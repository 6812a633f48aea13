package dev.jkubelet.stats.kernel;

import dev.jkubelet.stats.ContainerSample.Cpu;
import dev.jkubelet.stats.ContainerSample.Memory;
import dev.jkubelet.stats.LongValues;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Cgroup v1: a folder per controller. */
final class CgroupV1Files implements CgroupFiles {
  /** USER_HZ is 100 on every architecture we run on. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final byte[] USER = KernelText.word("user");
  private static final byte[] SYSTEM = KernelText.word("system");
  private static final byte[] PERIODS = KernelText.word("nr_periods");
  private static final byte[] THROTTLED_PERIODS = KernelText.word("nr_throttled");
  private static final byte[] THROTTLED = KernelText.word("throttled_time");
  private static final int CACHE = 0;
  private static final int RSS = 1;
  private static final int SWAP = 2;
  private static final int MAPPED = 3;
  private static final int INACTIVE = 4;
  private static final int FAULTS = 5;
  private static final int MAJOR_FAULTS = 6;

  private static final KeyedNumbers MEMORY_KEYS =
      new KeyedNumbers(
          "total_cache",
          "total_rss",
          "total_swap",
          "total_mapped_file",
          "total_inactive_file",
          "pgfault",
          "pgmajfault");

  private final CgroupMounts mounts;
  private final String path;
  private final KernelFile cpuUsage;
  private final KernelFile cpuStat;
  private final KernelFile bandwidth;
  private final KernelFile memoryStat;
  private final KernelFile memoryUsage;
  private final KernelFile memoryMax;
  private final KernelFile memoryFailures;
  private final KernelFile threads;
  private final KernelFile processes;
  private final BlockIo blockIo;
  private final long[] cores = new long[Runtime.getRuntime().availableProcessors()];
  private final long[] memory = new long[MEMORY_KEYS.size()];

  CgroupV1Files(CgroupMounts mounts, String path) {
    this.mounts = mounts;
    this.path = path;
    cpuUsage = open("cpuacct", "cpuacct.usage_percpu");
    cpuStat = open("cpuacct", "cpuacct.stat");
    bandwidth = open("cpu", "cpu.stat");
    memoryStat = open("memory", "memory.stat");
    memoryUsage = open("memory", "memory.usage_in_bytes");
    memoryMax = open("memory", "memory.max_usage_in_bytes");
    memoryFailures = open("memory", "memory.failcnt");
    threads = open("pids", "pids.current");
    processes = open("cpu", "cgroup.procs");
    blockIo = BlockIo.v1(mounts.folder("blkio", path));
  }

  private KernelFile open(String controller, String file) {
    return KernelFile.open(mounts.folder(controller, path).resolve(file));
  }

  @Override
  public Optional<Usage> usage(KernelText text) {
    if (cpuUsage.exists() && !cpuUsage.read(text)) {
      return Optional.empty();
    }
    var cpu = cpu(text);
    var used = memory(text);
    var disks = blockIo.read(text);
    if (processes.exists() && !processes.read(text)) {
      // Gone in between: what was read of it until then is not whole.
      return Optional.empty();
    }
    return Optional.of(new Usage(cpu, used, disks, threads.number(text, 0)));
  }

  /** Takes what {@link #usage} has just read first. */
  private Cpu cpu(KernelText text) {
    if (!cpuUsage.exists() || !text.nextLine()) {
      return Cpu.NONE;
    }
    long total = 0;
    int count = 0;
    while (text.hasNumber()) {
      long core = text.number();
      total += core;
      if (count < cores.length) {
        // The kernel also tells of processors that may be plugged in one day.
        cores[count++] = core;
      }
    }
    long user = 0;
    long system = 0;
    if (cpuStat.read(text)) {
      while (text.nextLine()) {
        if (text.skipWord(USER)) {
          user = text.number() * NANOS_PER_TICK;
        } else if (text.skipWord(SYSTEM)) {
          system = text.number() * NANOS_PER_TICK;
        }
      }
    }
    long periods = 0;
    long throttledPeriods = 0;
    long throttled = 0;
    if (bandwidth.read(text)) {
      while (text.nextLine()) {
        if (text.skipWord(PERIODS)) {
          periods = text.number();
        } else if (text.skipWord(THROTTLED_PERIODS)) {
          throttledPeriods = text.number();
        } else if (text.skipWord(THROTTLED)) {
          throttled = text.number();
        }
      }
    }
    return new Cpu(
        total, user, system, LongValues.of(cores, count), periods, throttledPeriods, throttled);
  }

  private Memory memory(KernelText text) {
    if (!MEMORY_KEYS.read(memoryStat, text, memory)) {
      return Memory.NONE;
    }
    long usage = memoryUsage.number(text, 0);
    return new Memory(
        usage,
        memoryMax.number(text, 0),
        memory[CACHE],
        memory[RSS],
        memory[SWAP],
        memory[MAPPED],
        Math.max(0, usage - memory[INACTIVE]),
        memoryFailures.number(text, 0),
        memory[FAULTS],
        memory[MAJOR_FAULTS]);
  }

  @Override
  public Limits limits(KernelText text) {
    return new Limits(
        bandwidth.exists(),
        once("cpu", "cpu.shares", text),
        once("cpu", "cpu.cfs_quota_us", text),
        once("cpu", "cpu.cfs_period_us", text),
        text.read(mounts.folder("cpuset", path).resolve("cpuset.cpus")) && text.nextLine()
            ? text.word()
            : "",
        memoryStat.exists(),
        once("memory", "memory.limit_in_bytes", text),
        once("memory", "memory.soft_limit_in_bytes", text),
        once("memory", "memory.memsw.limit_in_bytes", text),
        once("pids", "pids.max", text));
  }

  /** What is no number, as {@code max} and {@code -1}, is none: 0. */
  private long once(String controller, String file, KernelText text) {
    return text.read(mounts.folder(controller, path).resolve(file))
            && text.nextLine()
            && text.hasNumber()
        ? text.number()
        : 0;
  }

  @Override
  public boolean processes(KernelText text) {
    return processes.read(text);
  }

  /** The oldest of a file that nothing changes, as cAdvisor looks at it. */
  @Override
  public Instant created() {
    return Stream.of("cpu", "cpuacct", "memory", "pids", "cpuset", "blkio")
        .map(controller -> mounts.folder(controller, path).resolve("cgroup.clone_children"))
        .map(Path::toFile)
        .map(file -> Instant.ofEpochMilli(file.lastModified()))
        .filter(time -> time.isAfter(Instant.EPOCH))
        .min(Comparator.naturalOrder())
        .orElseGet(Instant::now);
  }

  @Override
  public void close() {
    List.of(
            cpuUsage,
            cpuStat,
            bandwidth,
            memoryStat,
            memoryUsage,
            memoryMax,
            memoryFailures,
            threads,
            processes)
        .forEach(KernelFile::close);
    blockIo.close();
  }
}
