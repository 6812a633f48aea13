package dev.jkubelet.app;

import dev.jkubelet.app.KubeletOptions.CgroupDriver;
import dev.jkubelet.cgroup.NodeBounds;
import dev.jkubelet.model.Quantities;
import dev.jkubelet.node.SysctlRules;
import dev.jkubelet.runtime.cni.CniOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings by which pods are held to what they may have, and connected. */
final class PodsMapping {
  /** The kubelet's for a whole network, with some plugins in it. */
  private static final Duration CNI_LIMIT = Duration.ofSeconds(220);

  private final Configuration settings;
  private final Amounts amounts;

  PodsMapping(Configuration settings) {
    this.settings = settings;
    this.amounts = new Amounts(settings);
  }

  KubeletOptions.Cgroups cgroups() {
    return new KubeletOptions.Cgroups(
        cgroupRoot(),
        settings.text("cgroupDriver").equals("systemd")
            ? CgroupDriver.SYSTEMD
            : CgroupDriver.CGROUPFS,
        settings.flag("cgroupsPerQOS"),
        settings.flag("cpuCFSQuota"),
        settings.duration("cpuCFSQuotaPeriod"),
        (Long) settings.value("podPidsLimit"),
        Optional.of(settings.list("enforceNodeAllocatable"))
            .filter(levels -> levels.contains("pods"))
            .map(_ -> reserved()));
  }

  private NodeBounds reserved() {
    var all = Stream.of("systemReserved", "kubeReserved").map(amounts::reserved).toList();
    return new NodeBounds(
        all.stream().mapToLong(r -> Quantities.milliCpu(r.get("cpu"))).sum(),
        all.stream().mapToLong(r -> Quantities.bytes(r.get("memory"))).sum(),
        all.stream().mapToLong(r -> Quantities.bytes(r.get("pid"))).sum());
  }

  Optional<CniOptions> cni() {
    return switch (settings.text("--network-plugin")) {
      case "", "noop" -> Optional.empty();
      case "cni" ->
          Optional.of(
              new CniOptions(
                  folder("--cni-conf-dir"),
                  Stream.of(settings.text("--cni-bin-dir").split(",", -1))
                      .filter(dir -> !dir.isEmpty())
                      .map(dir -> Path.of(dir).toAbsolutePath())
                      .toList(),
                  folder("--cni-cache-dir"),
                  CNI_LIMIT));
      case String other -> throw amounts.wrong("--network-plugin", "cni, or nothing", other);
    };
  }

  KubeletOptions.Confinement confinement() {
    return new KubeletOptions.Confinement(folder("--seccomp-profile-root"), sysctls());
  }

  private SysctlRules sysctls() {
    var allowed = settings.list("allowedUnsafeSysctls");
    try {
      return new SysctlRules(allowed);
    } catch (IllegalArgumentException expected) {
      throw amounts.wrong("allowedUnsafeSysctls", expected.getMessage(), String.join(",", allowed));
    }
  }

  private String cgroupRoot() {
    var root = settings.text("cgroupRoot");
    try {
      return Path.of("/", root).normalize().toString();
    } catch (InvalidPathException _) {
      throw amounts.wrong("cgroupRoot", "the name of a cgroup", root);
    }
  }

  private Path folder(String key) {
    return settings.path(key).orElseThrow(() -> amounts.wrong(key, "the path of a folder", ""));
  }
}
