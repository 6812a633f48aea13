package dev.jkubelet.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The machine's cgroup file systems; paths are absolute within them, {@code /kubepods/…}. */
sealed interface CgroupTree permits CgroupV1, CgroupV2 {
  /** What is mounted at {@code root}, {@code /sys/fs/cgroup} by default. */
  static CgroupTree at(Path root) throws IOException {
    return Files.exists(root.resolve(CgroupV2.CONTROLLERS))
        ? new CgroupV2(root)
        : CgroupV1.mountedBelow(root);
  }

  /** {@code cpu}, {@code memory}, {@code pids}…; empty when nothing is mounted. */
  Set<String> controllers();

  /** Where the cgroup is or would be, one folder per hierarchy. */
  List<Path> directories(String path);

  /** The same, and where the engine makes it though nobody asked for it there. */
  default List<Path> traces(String path) {
    return directories(path);
  }

  /** Makes the cgroup and its parents in every hierarchy; what exists is left alone. */
  void create(String path) throws IOException;

  /**
   * Sets what the machine has controllers for; every limit is tried before the first failure is
   * thrown.
   */
  void limit(String path, CgroupLimits limits) throws IOException;

  /**
   * Collects failures, so that one controller's refusal does not keep the others' limits from being
   * set.
   */
  final class Failures {
    private IOException first;

    void trying(Change change) {
      try {
        change.make();
      } catch (IOException failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }

    void throwFirst() throws IOException {
      if (first != null) {
        throw first;
      }
    }

    /** One write. */
    interface Change {
      void make() throws IOException;
    }
  }
}
