package dev.jkubelet.stats.kernel;

import dev.jkubelet.stats.ContainerSample.Cpu;
import dev.jkubelet.stats.ContainerSample.Disk;
import dev.jkubelet.stats.ContainerSample.Memory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One cgroup's files, kept open. */
public sealed interface CgroupFiles extends AutoCloseable permits CgroupV1Files, CgroupV2Files {
  /**
   * What the cgroup has used.
   *
   * @param threads of its processes and of those below; 0 for the root
   */
  record Usage(Cpu cpu, Memory memory, List<Disk> disks, long threads) {}

  /** What bounds it; as in {@link dev.jkubelet.stats.ContainerSpec}. */
  record Limits(
      boolean hasCpu,
      long cpuShares,
      long cpuQuota,
      long cpuPeriod,
      String cpuMask,
      boolean hasMemory,
      long memory,
      long memoryReservation,
      long swap,
      long threads) {}

  /** Reads them; empty when the cgroup is gone, be it in the middle of reading. */
  Optional<Usage> usage(KernelText text);

  /** Reads the limits, which are asked for rarely. */
  Limits limits(KernelText text);

  /** Lists the cgroup's own processes, those below left out. */
  boolean processes(KernelText text);

  /** Its oldest process; empty when it has none. */
  default Optional<String> firstProcess(KernelText text) {
    return processes(text) && text.nextLine() ? Optional.of(text.word()) : Optional.empty();
  }

  /** When the cgroup was made, as far as the kernel knows. */
  Instant created();

  @Override
  void close();
}
