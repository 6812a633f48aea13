package dev.jkubelet.cgroup;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How pods' cgroups are made; the names are those of {@code KubeletConfiguration}.
 *
 * @param cgroupFs where the cgroup file systems are mounted, {@code /sys/fs/cgroup}
 * @param cgroupsPerQos false leaves containers to the engine's own cgroups
 * @param cgroupRoot {@code --cgroup-root}, {@code /} or empty for the root
 * @param bounds for all pods together
 * @param podPidsLimit processes of one pod, 0 or less for no limit
 * @param cpuCfsQuota whether CPU limits are enforced
 * @param cpuCfsQuotaPeriod microseconds, 100000 by default
 */
public record PodCgroupSettings(
    Path cgroupFs,
    boolean cgroupsPerQos,
    String cgroupRoot,
    CgroupDriver driver,
    NodeBounds bounds,
    long podPidsLimit,
    boolean cpuCfsQuota,
    long cpuCfsQuotaPeriod) {
  /** The cgroup around all pods': {@code /kubepods}, {@code /kubepods.slice} with systemd. */
  public String kubepods() {
    var name = PodCgroupNames.below(cgroupRoot).kubepods();
    return switch (driver) {
      case CGROUPFS -> name.cgroupfs();
      case SYSTEMD -> name.systemd();
    };
  }

  /** The UID in the name of a pod's folder; empty for any other folder. */
  public Optional<String> podUid(String folder) {
    var uid =
        switch (driver) {
          case CGROUPFS -> PodCgroupNames.uidOfCgroupfs(folder);
          case SYSTEMD -> PodCgroupNames.uidOfSystemd(folder);
        };
    return uid.findFirst();
  }
}
