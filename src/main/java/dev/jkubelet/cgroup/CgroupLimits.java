package dev.jkubelet.cgroup;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What a cgroup's processes may use together; what is empty stays as the kernel has it.
 *
 * @param cpuShares relative weight, 2 to 262144
 * @param cpuQuota microseconds of processor time per period
 * @param cpuPeriod microseconds; only used with a quota
 * @param memory bytes
 * @param pids processes and threads
 * @param hugePages bytes by page size in bytes
 * @param otherHugePages bytes for every page size not among {@code hugePages}
 */
record CgroupLimits(
    OptionalLong cpuShares,
    OptionalLong cpuQuota,
    long cpuPeriod,
    OptionalLong memory,
    OptionalLong pids,
    Map<Long, Long> hugePages,
    long otherHugePages) {
  static final long UNBOUNDED_HUGE_PAGES = 1L << 62;
  private static final long DEFAULT_PERIOD = 100_000;

  CgroupLimits {
    hugePages = Map.copyOf(hugePages);
  }

  /** Nothing but a weight, as the QoS classes have it. */
  static CgroupLimits shares(long shares) {
    return new CgroupLimits(
        OptionalLong.of(shares),
        OptionalLong.empty(),
        DEFAULT_PERIOD,
        OptionalLong.empty(),
        OptionalLong.empty(),
        Map.of(),
        UNBOUNDED_HUGE_PAGES);
  }

  /** The bounds of all pods together. */
  static CgroupLimits node(long shares, NodeBounds bounds) {
    return new CgroupLimits(
        OptionalLong.of(shares),
        OptionalLong.empty(),
        DEFAULT_PERIOD,
        positive(bounds.memoryBytes()),
        positive(bounds.pids()),
        Map.of(),
        UNBOUNDED_HUGE_PAGES);
  }

  long hugePages(long pageSize) {
    return hugePages.getOrDefault(pageSize, otherHugePages);
  }

  /** Cgroup v2's weight, 1 to 10000, of v1's shares; runc's mapping. */
  OptionalLong cpuWeight() {
    if (cpuShares.isEmpty()) {
      return OptionalLong.empty();
    }
    long shares = Math.clamp(cpuShares.getAsLong(), 2, 262_144);
    return OptionalLong.of(1 + (shares - 2) * 9999 / 262_142);
  }

  static OptionalLong positive(long value) {
    return value > 0 ? OptionalLong.of(value) : OptionalLong.empty();
  }
}
