package dev.jkubelet.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Cgroup file systems as plain folders: what the kernel would fill in is there beforehand. */
final class RecordedTree {
  private RecordedTree() {}

  /** Two controllers in one hierarchy, a link to it, and the hybrid layout's unified mount. */
  static Path v1(Path root) throws IOException {
    for (var hierarchy : new String[] {"cpu,cpuacct", "cpuset", "memory", "pids", "systemd"}) {
      file(root, hierarchy + "/cgroup.procs", "");
    }
    file(root, "cpuset/cpuset.cpus", "0-1\n");
    file(root, "cpuset/cpuset.mems", "0\n");
    file(root, "unified/cgroup.procs", "");
    file(root, "unified/cgroup.controllers", "hugetlb\n");
    Files.createSymbolicLink(root.resolve("cpu"), Path.of("cpu,cpuacct"));
    return root;
  }

  static Path v2(Path root) throws IOException {
    file(root, "cgroup.controllers", "cpuset cpu io memory hugetlb pids\n");
    file(root, "cgroup.subtree_control", "memory\n");
    return root;
  }

  static void file(Path root, String path, String content) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  static String read(Path root, String path) throws IOException {
    return Files.readString(root.resolve(path)).strip();
  }
}
