package dev.jkubelet.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What this process may do on this machine, found out once, without side effects.
 *
 * @param canLowerOomScore whether a process may be made less likely to be killed; takes
 *     CAP_SYS_RESOURCE over the whole machine, not just over a user namespace
 * @param cgroupWritable whether cgroups can be made in every mounted hierarchy
 * @param controllers of all hierarchies, {@code cpu}, {@code memory}…
 */
public record MachineLimits(
    boolean canLowerOomScore,
    CgroupVersion cgroupVersion,
    boolean cgroupWritable,
    Set<String> controllers) {
  private static final int CAP_SYS_RESOURCE = 24;
  private static final String ALL_IDS = "0 0 4294967295";

  /** Which cgroup file system is mounted. */
  public enum CgroupVersion {
    NONE,
    V1,
    V2
  }

  /** Asks the machine this runs on. */
  public static MachineLimits probe() {
    return probe(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
  }

  static MachineLimits probe(Path proc, Path cgroupFs) {
    boolean oom = hasSysResource(proc);
    try {
      var tree = CgroupTree.at(cgroupFs);
      var controllers = tree.controllers();
      var directories = tree.directories("/");
      return new MachineLimits(
          oom,
          version(tree, controllers),
          !directories.isEmpty() && directories.stream().allMatch(Files::isWritable),
          Set.copyOf(controllers));
    } catch (IOException _) {
      return new MachineLimits(oom, CgroupVersion.NONE, false, Set.of());
    }
  }

  private static CgroupVersion version(CgroupTree tree, Set<String> controllers) {
    return switch (tree) {
      case CgroupV1 _ when controllers.isEmpty() -> CgroupVersion.NONE;
      case CgroupV1 _ -> CgroupVersion.V1;
      case CgroupV2 _ -> CgroupVersion.V2;
    };
  }

  private static boolean hasSysResource(Path proc) {
    try (var lines = Files.lines(proc.resolve("self/status"))) {
      var idMap = CgroupFile.read(proc.resolve("self"), "uid_map").replaceAll("\\s+", " ");
      return (idMap.isEmpty() || idMap.equals(ALL_IDS))
          && lines
              .filter(line -> line.startsWith("CapEff:"))
              .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
              .anyMatch(capabilities -> (capabilities >>> CAP_SYS_RESOURCE & 1) == 1);
    } catch (IOException | NumberFormatException _) {
      return false;
    }
  }
}
