package dev.jkubelet.cgroup;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The cgroups that stand between the node and its containers: one for all pods, one per QoS class
 * below the guaranteed, one per pod. Nothing here blocks the caller. Calls for one pod must not
 * overlap.
 */
public interface PodCgroups {
  /** The cgroups of these settings; {@code files} runs the blocking file calls. */
  static PodCgroups of(PodCgroupSettings settings, Executor files) {
    if (!settings.cgroupsPerQos()) {
      return new EngineCgroups(settings.cgroupRoot());
    }
    return switch (settings.driver()) {
      case CGROUPFS -> new CgroupfsPodCgroups(settings, files);
      case SYSTEMD -> new SystemdPodCgroups(settings, files);
    };
  }

  /**
   * Makes {@code kubepods} and the QoS classes' cgroups and sets their limits. Fails when there is
   * no cgroup file system or {@code --cgroup-root} does not exist.
   */
  CompletionStage<Void> start();

  /**
   * Makes the pod's cgroup, if need be, and sets its limits. A limit that the kernel refuses is
   * logged and left out.
   *
   * @return the parent to give to the engine; empty for the engine's own default
   */
  CompletionStage<String> ensure(Pod pod);

  /**
   * Kills what still runs in the pod's cgroup and removes it from every hierarchy. What is gone
   * already is a success; fails when a process will not die within some seconds.
   */
  CompletionStage<Void> remove(String podUid);

  /** The UIDs of pods that have a cgroup in any hierarchy, sorted. */
  CompletionStage<List<String>> podUids();

  /** Gives the burstable class the weight that its pods ask for together, best effort the least. */
  CompletionStage<Void> updateQos(Collection<Pod> active);
}
