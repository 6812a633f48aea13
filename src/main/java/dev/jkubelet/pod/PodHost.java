package dev.jkubelet.pod;

import java.util.List;

/** Where a pod is reached from its node. */
final class PodHost {
  private PodHost() {}

  /**
   * The pod's first address.
   *
   * @param ips of its sandbox; empty on the host's network, where the pod is at the host's
   */
  static String of(List<String> ips, PodServices.Settings settings) {
    return ips.stream().findFirst().or(settings::hostIp).orElse("127.0.0.1");
  }
}
