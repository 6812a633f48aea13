package dev.jkubelet.stats;

import dev.jkubelet.cgroup.PodCgroupSettings;
import dev.jkubelet.stats.kernel.CgroupMounts;
import dev.jkubelet.stats.kernel.KernelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which cgroups are measured: the machine, and these with all below them, as the kubelet tells its
 * cAdvisor.
 *
 * @param pods around all pods', {@code /kubepods}
 * @param kubelet this agent's own; empty when it is in the root
 * @param runtime the engine's own, likewise
 * @param podUid reads the UID from a pod's folder's name
 */
public record MeasuredCgroups(
    String pods,
    Optional<String> kubelet,
    Optional<String> runtime,
    Function<String, Optional<String>> podUid) {
  private static final Path ENGINE_PID = Path.of("/var/run/docker.pid");

  /** Those of this machine; reads a few files. */
  public static MeasuredCgroups of(PodCgroupSettings settings) {
    return new MeasuredCgroups(
        settings.cgroupsPerQos() ? settings.kubepods() : engineParent(settings),
        own("self", settings.cgroupFs()),
        enginePid().flatMap(pid -> own(pid, settings.cgroupFs())),
        settings::podUid);
  }

  /** Where the engine puts containers whose parent nobody names. */
  private static String engineParent(PodCgroupSettings settings) {
    return settings.cgroupRoot().length() > 1
        ? settings.cgroupRoot()
        : switch (settings.driver()) {
          case CGROUPFS -> "/docker";
          case SYSTEMD -> "/system.slice";
        };
  }

  private static Optional<String> enginePid() {
    try {
      return Optional.of(Files.readString(ENGINE_PID).strip()).filter(pid -> pid.matches("[0-9]+"));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** {@code 4:cpu,cpuacct:/kubelet}; with cgroup v2 {@code 0::/kubelet}. */
  private static Optional<String> own(String pid, Path cgroupFs) {
    var unified = CgroupMounts.at(cgroupFs).unified();
    var text = new KernelText();
    if (text.read(Path.of("/proc", pid, "cgroup"))) {
      while (text.nextLine()) {
        text.until(':');
        var controllers = Set.of(text.until(':').split(",", -1));
        if (controllers.contains(unified ? "" : "cpu")) {
          return Optional.of(text.word()).filter(path -> path.length() > 1);
        }
      }
    }
    return Optional.empty();
  }

  /** All of them but the machine. */
  Set<String> roots() {
    var roots = new LinkedHashSet<String>();
    roots.add(pods);
    kubelet.ifPresent(roots::add);
    runtime.ifPresent(roots::add);
    return roots;
  }
}
