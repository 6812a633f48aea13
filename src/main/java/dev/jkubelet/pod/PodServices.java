package dev.jkubelet.pod;

import dev.jkubelet.cgroup.PodCgroups;
import dev.jkubelet.image.Images;
import dev.jkubelet.model.Allocatable;
import dev.jkubelet.probe.NetworkProbes;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.SandboxConfig.LogLimits;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.volume.PodFiles;
import dev.jkubelet.volume.PodVolumes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** What every pod's actors work with; all of it safe to share and none of it blocking. */
public record PodServices(
    ContainerRuntime runtime,
    NetworkProbes network,
    Images images,
    PodVolumes volumes,
    PodFiles files,
    VolumeMounts mounts,
    PodCgroups cgroups,
    KubeletMetrics metrics,
    PodEvents events,
    PodObjects objects,
    Spans spans,
    Clock clock,
    Settings settings) {

  /**
   * The node's facts and flags that a pod depends on.
   *
   * @param infraImage {@code --pod-infra-container-image}
   * @param canLowerOomScore false without CAP_SYS_RESOURCE: negative scores become 0
   * @param memoryCapacity of the node, in bytes
   * @param keepVolumes {@code --keep-terminated-pod-volumes}: until the pod is deleted
   * @param seccompRoot where seccomp profiles that pods name are
   */
  public record Settings(
      String nodeName,
      Optional<String> hostIp,
      String infraImage,
      LogLimits logLimits,
      boolean canLowerOomScore,
      long memoryCapacity,
      Allocatable allocatable,
      boolean keepVolumes,
      Path seccompRoot) {}
}
