package dev.jkubelet.cgroup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Cgroup v1: one hierarchy per controller or set of them. A pod's cgroup is made in all that are
 * mounted, systemd's named one included, as the engine expects of its parents.
 *
 * @param unified v2 mounted beside them: it limits nothing, but runc makes containers' cgroups
 *     there as well, and leaves their parents
 */
record CgroupV1(Map<Path, Set<String>> hierarchies, List<Path> unified) implements CgroupTree {
  private static final List<String> CPUSET = List.of("cpuset.cpus", "cpuset.mems");

  /** Folders with a {@code cgroup.procs}, links left out: {@code cpu -> cpu,cpuacct} is one. */
  static CgroupV1 mountedBelow(Path root) throws IOException {
    var found = new TreeMap<Path, Set<String>>();
    var unified = new ArrayList<Path>();
    if (Files.isDirectory(root)) {
      try (var entries = Files.newDirectoryStream(root)) {
        for (var entry : entries) {
          if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
              || !Files.exists(entry.resolve("cgroup.procs"))) {
            continue;
          }
          if (Files.exists(entry.resolve(CgroupV2.CONTROLLERS))) {
            unified.add(entry);
          } else {
            found.put(entry, Set.of(entry.getFileName().toString().split(",")));
          }
        }
      }
    }
    return new CgroupV1(new LinkedHashMap<>(found), List.copyOf(unified));
  }

  @Override
  public Set<String> controllers() {
    var all = new LinkedHashSet<String>();
    hierarchies.values().forEach(all::addAll);
    return all;
  }

  @Override
  public List<Path> directories(String path) {
    return hierarchies.keySet().stream().map(mount -> mount.resolve(path.substring(1))).toList();
  }

  @Override
  public List<Path> traces(String path) {
    return Stream.concat(hierarchies.keySet().stream(), unified.stream())
        .map(mount -> mount.resolve(path.substring(1)))
        .toList();
  }

  @Override
  public void create(String path) throws IOException {
    for (var hierarchy : hierarchies.entrySet()) {
      if (hierarchy.getValue().contains("cpuset")) {
        createCpuset(hierarchy.getKey(), path);
      } else {
        createFolder(hierarchy.getKey().resolve(path.substring(1)));
      }
    }
  }

  /** One call where the parents are there, as for every pod but the first of its class. */
  private static void createFolder(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException | NoSuchFileException _) {
      Files.createDirectories(folder);
    }
  }

  private static void createCpuset(Path mount, String path) throws IOException {
    var directory = mount;
    for (var part : CgroupName.parse(path).parts()) {
      var parent = directory;
      directory = parent.resolve(part);
      Files.createDirectories(directory);
      inheritCpuset(parent, directory);
    }
  }

  /** A cpuset without processors or memory nodes takes no process. */
  private static void inheritCpuset(Path parent, Path child) throws IOException {
    for (var file : CPUSET) {
      if (CgroupFile.read(child, file).isEmpty()) {
        CgroupFile.write(child, file, CgroupFile.read(parent, file));
      }
    }
  }

  @Override
  public void limit(String path, CgroupLimits limits) throws IOException {
    var failures = new Failures();
    for (var hierarchy : hierarchies.entrySet()) {
      var directory = hierarchy.getKey().resolve(path.substring(1));
      for (var controller : hierarchy.getValue()) {
        limit(controller, directory, limits, failures);
      }
    }
    failures.throwFirst();
  }

  private static void limit(
      String controller, Path directory, CgroupLimits limits, Failures failures) {
    if (controller.equals("cpu")) {
      limits.cpuShares().ifPresent(shares -> put(failures, directory, "cpu.shares", shares));
      if (limits.cpuQuota().isPresent()) {
        put(failures, directory, "cpu.cfs_period_us", limits.cpuPeriod());
        put(failures, directory, "cpu.cfs_quota_us", limits.cpuQuota().orElseThrow());
      }
    } else if (controller.equals("memory")) {
      limits.memory().ifPresent(most -> put(failures, directory, "memory.limit_in_bytes", most));
    } else if (controller.equals("pids")) {
      limits.pids().ifPresent(most -> put(failures, directory, "pids.max", most));
    } else if (controller.equals("hugetlb")) {
      failures.trying(
          () ->
              HugePageSizes.limitFiles(directory)
                  .forEach((size, file) -> put(failures, directory, file, limits.hugePages(size))));
    }
  }

  private static void put(Failures failures, Path directory, String file, long value) {
    failures.trying(() -> CgroupFile.write(directory, file, Long.toString(value)));
  }
}
