package dev.jkubelet.node.pressure;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an eviction threshold may be about. */
public enum Signal {
  MEMORY_AVAILABLE("memory.available", Pressure.MEMORY),
  /** Never measured apart: the pods' cgroup has no less than the machine has. */
  ALLOCATABLE_MEMORY_AVAILABLE("allocatableMemory.available", Pressure.MEMORY),
  NODEFS_AVAILABLE("nodefs.available", Pressure.DISK),
  NODEFS_INODES_FREE("nodefs.inodesFree", Pressure.DISK),
  IMAGEFS_AVAILABLE("imagefs.available", Pressure.DISK),
  IMAGEFS_INODES_FREE("imagefs.inodesFree", Pressure.DISK),
  PID_AVAILABLE("pid.available", Pressure.PID);

  /** The node's condition of which it is a sign. */
  public enum Pressure {
    MEMORY,
    DISK,
    PID
  }

  private static final Map<String, Signal> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Signal::text, Function.identity()));

  private final String text;
  private final Pressure pressure;

  Signal(String text, Pressure pressure) {
    this.text = text;
    this.pressure = pressure;
  }

  /** As flags and configuration name it. */
  public String text() {
    return text;
  }

  Pressure pressure() {
    return pressure;
  }

  /** Empty when there is none of that name. */
  public static Optional<Signal> named(String text) {
    return Optional.ofNullable(BY_NAME.get(text));
  }
}
