package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A pod's life in one word, from the statuses of its containers. */
enum PodPhase {
  PENDING("Pending"),
  RUNNING("Running"),
  SUCCEEDED("Succeeded"),
  FAILED("Failed");

  private final String text;

  PodPhase(String text) {
    this.text = text;
  }

  /** As {@code status.phase} has it. */
  String text() {
    return text;
  }

  private enum Condition {
    UNBORN,
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** Ended, and waits to be run again. */
    BETWEEN
  }

  /**
   * The kubelet's getPhase.
   *
   * @param statuses by container name; one is missing when nothing is known of it
   */
  static PodPhase of(Pod pod, Map<String, ContainerStatus> statuses) {
    var policy = pod.getSpec().getRestartPolicy();
    var inits = count(PodContainers.onceInits(pod), statuses);
    boolean initFailed =
        inits.get(Condition.FAILED) > 0 || failedBefore(PodContainers.onceInits(pod), statuses);
    if (initFailed && "Never".equals(policy)) {
      return FAILED;
    }
    var apps = count(PodContainers.apps(pod), statuses);
    if (inits.get(Condition.UNBORN) + inits.get(Condition.RUNNING) > 0
        || apps.get(Condition.UNBORN) > 0) {
      return PENDING;
    }
    var sidecars = count(PodContainers.sidecars(pod), statuses);
    if (apps.get(Condition.RUNNING) + sidecars.get(Condition.RUNNING) > 0) {
      return RUNNING;
    }
    if ("OnFailure".equals(policy) || "Never".equals(policy)) {
      boolean succeeded = apps.get(Condition.FAILED) + apps.get(Condition.BETWEEN) == 0;
      return succeeded ? SUCCEEDED : "Never".equals(policy) ? FAILED : RUNNING;
    }
    return RUNNING;
  }

  private static Map<Condition, Integer> count(
      List<Container> containers, Map<String, ContainerStatus> statuses) {
    var counts = new EnumMap<Condition, Integer>(Condition.class);
    for (var condition : Condition.values()) {
      counts.put(condition, 0);
    }
    containers.forEach(c -> counts.merge(condition(statuses.get(c.getName())), 1, Integer::sum));
    return counts;
  }

  private static boolean failedBefore(
      List<Container> containers, Map<String, ContainerStatus> statuses) {
    return containers.stream()
        .map(c -> statuses.get(c.getName()))
        .filter(s -> condition(s) == Condition.BETWEEN)
        .anyMatch(s -> s.getLastState().getTerminated().getExitCode() != 0);
  }

  private static Condition condition(ContainerStatus status) {
    if (status == null) {
      return Condition.UNBORN;
    }
    if (status.getState().getRunning() != null) {
      return Condition.RUNNING;
    }
    var terminated = status.getState().getTerminated();
    if (terminated != null) {
      return terminated.getExitCode() == 0 ? Condition.SUCCEEDED : Condition.FAILED;
    }
    var last = status.getLastState();
    return last == null || last.getTerminated() == null ? Condition.UNBORN : Condition.BETWEEN;
  }
}
