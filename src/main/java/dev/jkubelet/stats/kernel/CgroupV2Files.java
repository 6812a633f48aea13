package dev.jkubelet.stats.kernel;

import dev.jkubelet.stats.ContainerSample.Cpu;
import dev.jkubelet.stats.ContainerSample.Memory;
import dev.jkubelet.stats.ContainerSpec;
import dev.jkubelet.stats.LongValues;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Cgroup v2: one folder for all controllers, and no figures of single processors. */
final class CgroupV2Files implements CgroupFiles {
  private static final long NANOS_PER_MICRO = 1000;
  private static final long BYTES_PER_KILOBYTE = 1024;

  private static final KeyedNumbers CPU_KEYS =
      new KeyedNumbers(
          "usage_usec", "user_usec", "system_usec", "nr_periods", "nr_throttled", "throttled_usec");
  private static final KeyedNumbers MEMORY_KEYS =
      new KeyedNumbers("file", "anon", "file_mapped", "inactive_file", "pgfault", "pgmajfault");
  private static final KeyedNumbers MACHINE_KEYS = new KeyedNumbers("MemTotal:", "MemFree:");
  private static final KeyedNumbers EVENT_KEYS = new KeyedNumbers("max");

  private final Path folder;
  private final boolean root;
  private final KernelFile cpu;
  private final KernelFile memoryStat;
  private final KernelFile memoryUsage;
  private final KernelFile memoryPeak;
  private final KernelFile memoryEvents;
  private final KernelFile swap;
  private final KernelFile threads;
  private final KernelFile processes;
  private final BlockIo blockIo;
  private final long[] times = new long[CPU_KEYS.size()];
  private final long[] memory = new long[MEMORY_KEYS.size()];
  private final long[] single = new long[MACHINE_KEYS.size()];

  CgroupV2Files(Path folder, String path) {
    this.folder = folder;
    root = path.equals("/");
    cpu = open("cpu.stat");
    memoryStat = open("memory.stat");
    // The root has no such file; the machine's memory is what it stands for.
    memoryUsage = root ? KernelFile.open(Path.of("/proc/meminfo")) : open("memory.current");
    memoryPeak = open("memory.peak");
    memoryEvents = open("memory.events");
    swap = open("memory.swap.current");
    threads = open("pids.current");
    processes = open("cgroup.procs");
    blockIo = BlockIo.v2(folder);
  }

  private KernelFile open(String file) {
    return KernelFile.open(folder.resolve(file));
  }

  @Override
  public Optional<Usage> usage(KernelText text) {
    if (!CPU_KEYS.read(cpu, text, times)) {
      return Optional.empty();
    }
    var used =
        new Cpu(
            times[0] * NANOS_PER_MICRO,
            times[1] * NANOS_PER_MICRO,
            times[2] * NANOS_PER_MICRO,
            LongValues.NONE,
            times[3],
            times[4],
            times[5] * NANOS_PER_MICRO);
    var memoryUsed = memory(text);
    var disks = blockIo.read(text);
    if (processes.exists() && !processes.read(text)) {
      return Optional.empty();
    }
    return Optional.of(new Usage(used, memoryUsed, disks, threads.number(text, 0)));
  }

  private Memory memory(KernelText text) {
    if (!MEMORY_KEYS.read(memoryStat, text, memory)) {
      return Memory.NONE;
    }
    long usage = root ? machineUsage(text) : memoryUsage.number(text, 0);
    long failures = EVENT_KEYS.read(memoryEvents, text, single) ? single[0] : 0;
    return new Memory(
        usage,
        memoryPeak.number(text, 0),
        memory[0],
        memory[1],
        swap.number(text, 0),
        memory[2],
        Math.max(0, usage - memory[3]),
        failures,
        memory[4],
        memory[5]);
  }

  private long machineUsage(KernelText text) {
    return MACHINE_KEYS.read(memoryUsage, text, single)
        ? (single[0] - single[1]) * BYTES_PER_KILOBYTE
        : 0;
  }

  @Override
  public Limits limits(KernelText text) {
    long quota = 0;
    long period = 0;
    if (text.read(folder.resolve("cpu.max")) && text.nextLine()) {
      if (text.hasNumber()) {
        quota = text.number();
      } else {
        text.skipWord();
      }
      period = text.number();
    }
    long weight = once("cpu.weight", 0, text);
    return new Limits(
        cpu.exists(),
        weight == 0 ? 0 : shares(weight),
        quota,
        period,
        text.read(folder.resolve("cpuset.cpus.effective")) && text.nextLine() ? text.word() : "",
        memoryStat.exists(),
        once("memory.max", ContainerSpec.NO_LIMIT, text),
        once("memory.low", 0, text),
        once("memory.swap.max", ContainerSpec.NO_LIMIT, text),
        once("pids.max", 0, text));
  }

  /** Back from v2's weight, 1 to 10000, to v1's shares, 2 to 262144: runc's mapping reversed. */
  private static long shares(long weight) {
    return 2 + (weight - 1) * 262_142 / 9999;
  }

  private long once(String file, long none, KernelText text) {
    return text.read(folder.resolve(file)) && text.nextLine() && text.hasNumber()
        ? text.number()
        : none;
  }

  @Override
  public boolean processes(KernelText text) {
    return processes.read(text);
  }

  @Override
  public Instant created() {
    long modified = folder.resolve("cgroup.controllers").toFile().lastModified();
    return modified > 0 ? Instant.ofEpochMilli(modified) : Instant.now();
  }

  @Override
  public void close() {
    List.of(cpu, memoryStat, memoryUsage, memoryPeak, memoryEvents, swap, threads, processes)
        .forEach(KernelFile::close);
    blockIo.close();
  }
}
