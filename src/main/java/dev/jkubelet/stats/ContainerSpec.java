package dev.jkubelet.stats;

import java.time.Instant;
import java.util.Map;

/**
 * What bounds a cgroup, and what the engine says of its container; the former is read anew now and
 * then, for a limit may be changed while it runs.
 *
 * @param created of the container, or of the cgroup's folder
 * @param cpuShares relative weight, cgroup v1's; 0 without that controller
 * @param cpuQuota microseconds per period; 0 without a limit
 * @param cpuPeriod microseconds
 * @param cpuMask the processors it may use, {@code 0-1}
 * @param memoryLimit bytes as the kernel has them, 9223372036854771712 when there is none, as are
 *     the next two
 * @param labels the container's; empty for a plain cgroup
 * @param image what the container was created with; empty for a plain cgroup
 */
public record ContainerSpec(
    Instant created,
    boolean hasCpu,
    long cpuShares,
    long cpuQuota,
    long cpuPeriod,
    String cpuMask,
    boolean hasMemory,
    long memoryLimit,
    long memoryReservation,
    long swapLimit,
    Map<String, String> labels,
    String image) {
  /** No limit, in the kernel's way: the largest number of whole pages. */
  public static final long NO_LIMIT = 9_223_372_036_854_771_712L;

  private static final long MORE_THAN_THERE_IS = 1L << 62;

  public ContainerSpec {
    labels = Map.copyOf(labels);
  }

  /** A limit as Prometheus has it: 0 when there is none. */
  public static long limited(long bytes) {
    return bytes >= MORE_THAN_THERE_IS ? 0 : bytes;
  }
}
