package dev.jkubelet.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Cgroup v2: one hierarchy, in which each parent says which controllers its children have. Those
 * are the kubelet's five, as far as the kernel offers them.
 *
 * @param root the mount
 */
record CgroupV2(Path root) implements CgroupTree {
  static final String CONTROLLERS = "cgroup.controllers";
  private static final String SUBTREE = "cgroup.subtree_control";
  private static final List<String> WANTED = List.of("cpu", "cpuset", "memory", "hugetlb", "pids");

  @Override
  public Set<String> controllers() {
    try {
      return new LinkedHashSet<>(CgroupFile.words(root, CONTROLLERS));
    } catch (IOException _) {
      return Set.of();
    }
  }

  @Override
  public List<Path> directories(String path) {
    return List.of(root.resolve(path.substring(1)));
  }

  @Override
  public void create(String path) throws IOException {
    var wanted = WANTED.stream().filter(controllers()::contains).toList();
    var directory = root;
    for (var part : CgroupName.parse(path).parts()) {
      delegate(directory, wanted);
      directory = directory.resolve(part);
      Files.createDirectories(directory);
    }
  }

  /** Turns on what is not on yet: a parent with processes of its own refuses any such write. */
  private static void delegate(Path parent, List<String> wanted) throws IOException {
    var on = CgroupFile.words(parent, SUBTREE);
    var missing = wanted.stream().filter(controller -> !on.contains(controller)).toList();
    if (!missing.isEmpty()) {
      CgroupFile.write(
          parent, SUBTREE, missing.stream().map("+"::concat).collect(Collectors.joining(" ")));
    }
  }

  @Override
  public void limit(String path, CgroupLimits limits) throws IOException {
    var failures = new Failures();
    var directory = directories(path).getFirst();
    var available = controllers();
    if (available.contains("cpu")) {
      limits.cpuWeight().ifPresent(weight -> put(failures, directory, "cpu.weight", weight));
      limits
          .cpuQuota()
          .ifPresent(
              quota ->
                  put(
                      failures,
                      directory,
                      "cpu.max",
                      (quota < 0 ? "max" : Long.toString(quota)) + " " + limits.cpuPeriod()));
    }
    if (available.contains("memory")) {
      limits.memory().ifPresent(most -> put(failures, directory, "memory.max", most));
    }
    if (available.contains("pids")) {
      limits.pids().ifPresent(most -> put(failures, directory, "pids.max", most));
    }
    if (available.contains("hugetlb")) {
      failures.trying(
          () ->
              HugePageSizes.limitFiles(directory)
                  .forEach((size, file) -> put(failures, directory, file, limits.hugePages(size))));
    }
    failures.throwFirst();
  }

  private static void put(Failures failures, Path directory, String file, long value) {
    put(failures, directory, file, Long.toString(value));
  }

  private static void put(Failures failures, Path directory, String file, String value) {
    failures.trying(() -> CgroupFile.write(directory, file, value));
  }
}
