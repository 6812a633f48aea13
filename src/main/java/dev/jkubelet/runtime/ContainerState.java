package dev.jkubelet.runtime;

/** CRI's container states. */
public enum ContainerState {
  CREATED,
  RUNNING,
  EXITED,
  UNKNOWN
}
