package dev.jkubelet.runtime;

/** What the label {@code io.kubernetes.docker.type} tells apart. */
public enum ContainerType {
  SANDBOX,
  CONTAINER
}
