package dev.jkubelet.runtime;

/**
 * A hint that something happened to a container.
 *
 * @param kind what the engine called it
 * @param summaryName the container's name in the pod's spec, {@code POD} for a sandbox
 */
public record RuntimeEvent(Kind kind, String containerId, String podUid, String summaryName) {
  /** The events that matter to a pod. */
  public enum Kind {
    CREATE,
    START,
    DIE,
    OOM,
    DESTROY
  }
}
