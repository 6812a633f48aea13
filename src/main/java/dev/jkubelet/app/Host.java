package dev.jkubelet.app;

import dev.jkubelet.cgroup.CgroupDriver;
import dev.jkubelet.cgroup.MachineLimits;
import dev.jkubelet.cgroup.NodeBounds;
import dev.jkubelet.cgroup.PodCgroupSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this machine has and lets the agent do. It is looked at once; what it can't do is said then,
 * and worked around.
 *
 * @param cgroups as they can be made here
 */
record Host(NodeBounds bounds, boolean canLowerOomScore, PodCgroupSettings cgroups) {
  private static final Logger LOG = LoggerFactory.getLogger(Host.class);
  private static final Path CGROUP_FS = Path.of("/sys/fs/cgroup");
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwxr-x---");

  /**
   * Makes the root folder, too.
   *
   * @throws StartFailure when that can't be, the machine's memory and processors can't be read, or
   *     no cgroup can have the asked name
   */
  static Host look(KubeletOptions options) {
    makeRoot(options.node().rootDir());
    return of(options.cgroups(), MachineLimits.probe(), readBounds());
  }

  static Host of(KubeletOptions.Cgroups wanted, MachineLimits limits, NodeBounds bounds) {
    if (!limits.canLowerOomScore()) {
      LOG.warn("no CAP_SYS_RESOURCE: containers' negative OOM scores become 0");
    }
    if (wanted.perQos() && !limits.cgroupWritable()) {
      LOG.warn(
          "no cgroups can be made below {}: pods get none of their own, as with"
              + " --cgroups-per-qos=false",
          CGROUP_FS);
    }
    return new Host(
        bounds,
        limits.canLowerOomScore(),
        cgroups(wanted, wanted.perQos() && limits.cgroupWritable(), bounds));
  }

  static void makeRoot(Path root) {
    try {
      Files.createDirectories(root, PosixFilePermissions.asFileAttribute(PRIVATE));
    } catch (IOException refused) {
      throw new StartFailure("--root-dir: expected a folder that can be made: " + refused, refused);
    }
  }

  private static PodCgroupSettings cgroups(
      KubeletOptions.Cgroups wanted, boolean perQos, NodeBounds bounds) {
    var cgroups =
        new PodCgroupSettings(
            CGROUP_FS,
            perQos,
            wanted.root(),
            driver(wanted),
            podsBounds(wanted, bounds),
            wanted.podPidsLimit(),
            wanted.cpuCfsQuota(),
            wanted.cpuCfsQuotaPeriod().toNanos() / 1000);
    try {
      cgroups.kubepods();
    } catch (IllegalArgumentException unnamable) {
      throw new StartFailure("--cgroup-root: " + unnamable.getMessage(), unnamable);
    }
    return cgroups;
  }

  /** What all pods together may use; only their weight counts when nobody holds them to it. */
  private static NodeBounds podsBounds(KubeletOptions.Cgroups wanted, NodeBounds machine) {
    return wanted.reserved().map(machine::minus).orElse(new NodeBounds(machine.milliCpu(), 0, 0));
  }

  private static CgroupDriver driver(KubeletOptions.Cgroups wanted) {
    return switch (wanted.driver()) {
      case CGROUPFS -> CgroupDriver.CGROUPFS;
      case SYSTEMD -> CgroupDriver.SYSTEMD;
    };
  }

  private static NodeBounds readBounds() {
    try {
      return NodeBounds.ofMachine(Path.of("/proc"));
    } catch (IOException unreadable) {
      throw new StartFailure(
          "/proc: the machine's memory and processors can't be read: " + unreadable.getMessage());
    }
  }
}
