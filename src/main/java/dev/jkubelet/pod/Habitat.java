package dev.jkubelet.pod;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where a pod's containers live: what a container needs of its pod to be made.
 *
 * @param ips the pod's addresses; empty on the host's network
 * @param etcHosts the managed hosts file to mount
 */
public record Habitat(String sandboxId, List<String> ips, Ground ground, Path etcHosts) {

  /**
   * What outlives a sandbox: the pod's cgroup and volumes.
   *
   * @param volumes host paths by volume name
   * @param rooms what the pod's cgroup has room for of its containers that may be resized, by name
   */
  public record Ground(String cgroupParent, Map<String, Path> volumes, Map<String, Room> rooms) {}
}
