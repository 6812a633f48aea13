package dev.jkubelet.server.cadvisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What {@code /validate/} tells of the machine: whether containers can be measured on it. */
public final class Validation {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final List<String> REQUIRED = List.of("cpu", "cpuacct");
  private static final List<String> RECOMMENDED =
      List.of("memory", "blkio", "cpuset", "devices", "freezer");

  private Validation() {}

  /** Plain text; reads a few files of the kernel. */
  public static String of(MachineFacts facts) throws IOException {
    var docker = facts.docker().get();
    boolean unified = Files.exists(CGROUPS.resolve("cgroup.controllers"));
    var controllers = new TreeSet<>(controllers(unified));
    boolean required = unified ? controllers.contains("cpu") : controllers.containsAll(REQUIRED);
    boolean recommended = unified || controllers.containsAll(RECOMMENDED);
    return "cAdvisor version: "
        + RestApi.VERSION
        + "\n\nOS version: "
        + facts.os()
        + "\n\nKernel version: [Supported and recommended]\n\tKernel version is "
        + facts.kernel()
        + ".\n\n\nCgroup setup: ["
        + (required ? "Supported" : "Unsupported")
        + (recommended ? " and recommended" : ", but not recommended")
        + "]\n\tAvailable cgroups: "
        + String.join(" ", controllers)
        + "\n\tFollowing cgroups are required: "
        + REQUIRED
        + "\n\tFollowing other cgroups are recommended: "
        + RECOMMENDED
        + "\n\n\nCgroup mount setup: [Supported and recommended]\n\tCgroups are mounted at "
        + CGROUPS
        + (unified ? " (version 2)" : " (version 1)")
        + ".\n\n\nDocker version: "
        + (docker.isEmpty() ? "[Unknown]" : docker)
        + "\n";
  }

  private static List<String> controllers(boolean unified) throws IOException {
    if (unified) {
      var all = Files.readString(CGROUPS.resolve("cgroup.controllers")).strip();
      return all.isEmpty() ? List.of() : List.of(all.split(" "));
    }
    try (var all = Files.list(CGROUPS)) {
      return all.map(path -> path.getFileName().toString()).collect(Collectors.toList());
    }
  }
}
