package dev.jkubelet.stats;

import java.time.Duration;

/**
 * How often a cgroup is read, as cAdvisor's dynamic housekeeping has it: each second while
 * something changes, then at twice the distance, up to fifteen seconds.
 */
final class Housekeeping {
  static final Duration LEAST = Duration.ofSeconds(1);
  static final Duration MOST = Duration.ofSeconds(15);

  private Housekeeping() {}

  /** The distance to the next reading, after one. */
  static Duration next(Duration last, boolean changed) {
    if (changed) {
      return LEAST;
    }
    var doubled = last.multipliedBy(2);
    return doubled.compareTo(MOST) > 0 ? MOST : doubled;
  }

  /** Whether the cgroup did anything in between; page counts that only age don't tell. */
  static boolean changed(ContainerSample before, ContainerSample now) {
    return before.cpu().total() != now.cpu().total()
        || before.memory().usage() != now.memory().usage()
        || !before.network().equals(now.network())
        || !before.disks().equals(now.disks());
  }
}
