package dev.jkubelet.model;

/** CPUs as the kernel's scheduler counts them; the kubelet's own rounding. */
public final class CpuShares {
  private static final long MIN_SHARES = 2;
  private static final long SHARES_PER_CPU = 1024;
  private static final long MIN_QUOTA_US = 1000;

  private CpuShares() {}

  /** The weight of so many thousandths of a CPU, 2 at least. */
  public static long milliCpuToShares(long milliCpu) {
    return Math.max(MIN_SHARES, milliCpu * SHARES_PER_CPU / 1000);
  }

  /** The time, in microseconds per period, of so many thousandths of a CPU; 0 means no limit. */
  public static long milliCpuToQuota(long milliCpu, long periodUs) {
    return milliCpu == 0 ? 0 : Math.max(MIN_QUOTA_US, milliCpu * periodUs / 1000);
  }
}
