package dev.jkubelet.stats;

import java.time.Instant;
import java.util.List;

/**
 * What one cgroup had used at one moment: a reading of the kernel's files, immutable. Counters
 * start with the cgroup (the machine's with the boot) and only grow.
 *
 * @param nanos when it was read, nanoseconds since 1970
 * @param network interfaces of the network namespace it owns, in the kernel's order, loopback left
 *     out; empty for whatever shares another's
 * @param disks by device number; empty where the kernel counts nothing per cgroup
 * @param filesystems what it occupies; for the machine every file system that is counted
 */
public record ContainerSample(
    long nanos,
    Cpu cpu,
    Memory memory,
    List<NetworkInterface> network,
    List<Disk> disks,
    List<Filesystem> filesystems,
    Processes processes) {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** When it was read. */
  public Instant time() {
    return Instant.ofEpochSecond(nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
  }

  /** When it was read, milliseconds since 1970, as Prometheus has it. */
  public long millis() {
    return nanos / 1_000_000;
  }

  /** This reading with others' figures of the disk: those come from a slower walk. */
  ContainerSample with(List<Filesystem> filesystems) {
    return new ContainerSample(nanos, cpu, memory, network, disks, filesystems, processes);
  }

  /**
   * Processor time, all in nanoseconds.
   *
   * @param user,system in steps of USER_HZ, 10 ms, with cgroup v1
   * @param perCore by number of the processor; empty with cgroup v2, which does not tell
   * @param periods of the bandwidth limit that have passed; 0 without a limit
   * @param throttledPeriods those in which the limit was hit
   * @param throttled time spent waiting for the next period
   */
  public record Cpu(
      long total,
      long user,
      long system,
      LongValues perCore,
      long periods,
      long throttledPeriods,
      long throttled) {
    /** Of a cgroup without that controller. */
    public static final Cpu NONE = new Cpu(0, 0, 0, LongValues.NONE, 0, 0, 0);
  }

  /**
   * Memory, in bytes.
   *
   * @param usage page cache and kernel memory included
   * @param maxUsage the most there ever was; 0 where the kernel does not tell
   * @param workingSet usage without the inactive file pages: what can't be given back at once
   * @param failures how often the limit was hit
   * @param pageFaults as {@code majorPageFaults} of this cgroup's own processes with cgroup v1, of
   *     those below it, too, with v2
   */
  public record Memory(
      long usage,
      long maxUsage,
      long cache,
      long rss,
      long swap,
      long mappedFile,
      long workingSet,
      long failures,
      long pageFaults,
      long majorPageFaults) {
    /** Of a cgroup without that controller. */
    public static final Memory NONE = new Memory(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** One interface's counters. */
  public record NetworkInterface(
      String name,
      long rxBytes,
      long rxPackets,
      long rxErrors,
      long rxDropped,
      long txBytes,
      long txPackets,
      long txErrors,
      long txDropped) {}

  /**
   * What was read from and written to one block device.
   *
   * @param device {@code /dev/vda}, or the device number when it has no name here
   */
  public record Disk(
      int major,
      int minor,
      String device,
      long readBytes,
      long writtenBytes,
      long reads,
      long writes) {}

  /**
   * One file system, and how much of it is this container's.
   *
   * @param device {@code /dev/vda}; the mount point of a tmpfs
   * @param type {@code vfs}, cAdvisor's word for whatever is no zfs or device mapper
   * @param capacity bytes
   * @param usage bytes; a container's writable layer with the folder of its log
   * @param baseUsage bytes of the writable layer alone; 0 for the machine
   * @param available bytes to those who are not root; 0 for a container
   * @param inodes 0 when not counted, as are {@code inodesFree}
   * @param inodesUsed by the container's writable layer; 0 for the machine
   * @param io what the whole device did; {@link DeviceIo#NONE} for a container
   */
  public record Filesystem(
      String device,
      String type,
      long capacity,
      long usage,
      long baseUsage,
      long available,
      long inodes,
      long inodesFree,
      long inodesUsed,
      DeviceIo io) {}

  /** A line of {@code /proc/diskstats}; times in milliseconds, sectors of 512 bytes. */
  public record DeviceIo(
      long reads,
      long readsMerged,
      long sectorsRead,
      long readTime,
      long writes,
      long writesMerged,
      long sectorsWritten,
      long writeTime,
      long inProgress,
      long ioTime,
      long weightedIoTime) {
    /** Of a file system without a disk. */
    public static final DeviceIo NONE = new DeviceIo(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  /**
   * Processes and what they hold.
   *
   * @param threadsMax 0 when there is no limit
   * @param files open file descriptors, sockets included
   * @param maxOpenFiles the first process' soft limit; -1 unlimited, 0 when there is no process
   */
  public record Processes(
      long processes, long threads, long threadsMax, long files, long sockets, long maxOpenFiles) {
    /** Of a cgroup without processes. */
    public static final Processes NONE = new Processes(0, 0, 0, 0, 0, 0);
  }
}
