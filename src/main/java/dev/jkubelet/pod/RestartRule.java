package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;

/**
 * When a dead container is run again: the pod's restart policy, as it applies to this container.
 */
enum RestartRule {
  ALWAYS,
  ON_FAILURE,
  NEVER,
  /**
   * An init container of a pod that restarts: again until it succeeds, and once more in every new
   * sandbox.
   */
  INIT,
  /** An init container of a pod that never restarts. */
  INIT_ONCE;

  /** What applies to a container of the pod. */
  static RestartRule of(Pod pod, Container container) {
    boolean init =
        PodContainers.inits(pod).stream()
            .anyMatch(known -> known.getName().equals(container.getName()));
    if (init && PodContainers.isSidecar(container)) {
      return ALWAYS;
    }
    return PodContainers.ephemerals(pod).contains(container)
        ? NEVER
        : of(pod.getSpec().getRestartPolicy(), init);
  }

  static RestartRule of(String restartPolicy, boolean init) {
    return switch (restartPolicy) {
      case "Never" -> init ? INIT_ONCE : NEVER;
      case "OnFailure" -> init ? INIT : ON_FAILURE;
      case null, default -> init ? INIT : ALWAYS;
    };
  }

  /**
   * Whether a container that ended is run again.
   *
   * @param sameSandbox whether it ended in the sandbox it would be run in
   */
  boolean restarts(int exitCode, boolean sameSandbox) {
    return switch (this) {
      case ALWAYS -> true;
      case ON_FAILURE -> exitCode != 0;
      case NEVER, INIT_ONCE -> false;
      case INIT -> exitCode != 0 || !sameSandbox;
    };
  }

  /** Whether one that is ended for its own fault is run again. */
  boolean restartsFailures() {
    return restarts(1, true);
  }
}
