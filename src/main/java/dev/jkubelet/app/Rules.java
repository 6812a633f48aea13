package dev.jkubelet.app;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * What two settings must be to each other, as ValidateKubeletConfiguration has it; and that no two
 * ports collide.
 */
final class Rules {
  private Rules() {}

  static void check(Configuration settings) {
    if (settings.number("imageGCLowThresholdPercent")
        >= settings.number("imageGCHighThresholdPercent")) {
      throw broken(
          settings,
          "imageGCLowThresholdPercent",
          "less than imageGCHighThresholdPercent (--image-gc-high-threshold), which is "
              + settings.number("imageGCHighThresholdPercent"));
    }
    if (!settings.text("systemCgroups").isEmpty() && settings.text("cgroupRoot").isEmpty()) {
      throw broken(settings, "systemCgroups", "a cgroupRoot (--cgroup-root) with it");
    }
    var enforced = settings.list("enforceNodeAllocatable");
    if (!settings.flag("cgroupsPerQOS") && !enforced.isEmpty()) {
      throw broken(
          settings,
          "cgroupsPerQOS",
          "true unless enforceNodeAllocatable (--enforce-node-allocatable) is empty");
    }
    if (enforced.contains("none") && enforced.size() > 1) {
      throw broken(settings, "enforceNodeAllocatable", "none to stand alone");
    }
    for (var level : List.of("system", "kube")) {
      var cgroup = level + "ReservedCgroup";
      if (enforced.contains(level + "-reserved") && settings.text(cgroup).isEmpty()) {
        throw broken(
            settings,
            "enforceNodeAllocatable",
            "a %s (--%s-reserved-cgroup) with it".formatted(cgroup, level));
      }
    }
  }

  /** Two ports of one number collide when they share an address, or one of them listens on all. */
  static void checkPorts(KubeletOptions.Server server, Configuration settings) {
    var ports = new LinkedHashMap<String, Optional<InetSocketAddress>>();
    ports.put("port", server.kubelet());
    ports.put("readOnlyPort", server.readOnly());
    ports.put("healthzPort", server.healthz());
    ports.put("--cadvisor-port", server.cadvisor());
    var taken = new LinkedHashMap<String, InetSocketAddress>();
    ports.forEach(
        (key, endpoint) ->
            endpoint.ifPresent(
                here -> {
                  taken.forEach(
                      (other, there) -> {
                        if (collide(here, there)) {
                          throw broken(
                              settings,
                              key,
                              "a port of its own, %d is that of %s"
                                  .formatted(here.getPort(), settings.origin(other)));
                        }
                      });
                  taken.put(key, here);
                }));
  }

  private static boolean collide(InetSocketAddress here, InetSocketAddress there) {
    return here.getPort() == there.getPort()
        && (here.getAddress().equals(there.getAddress())
            || here.getAddress().isAnyLocalAddress()
            || there.getAddress().isAnyLocalAddress());
  }

  private static StartFailure broken(Configuration settings, String key, String expected) {
    return new StartFailure(
        "%s: expected %s, got %s"
            .formatted(
                settings.origin(key), expected, Flags.printable(settings.value(key).toString())));
  }
}
