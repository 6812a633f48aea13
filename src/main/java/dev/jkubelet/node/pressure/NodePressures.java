package dev.jkubelet.node.pressure;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the node is short of. */
public record NodePressures(boolean memory, boolean disk, boolean pid) {
  /** Of nothing. */
  public static final NodePressures NONE = new NodePressures(false, false, false);

  /** The conditions' types, separated by blanks. */
  public String text() {
    return Stream.of(
            memory ? "MemoryPressure" : "", disk ? "DiskPressure" : "", pid ? "PIDPressure" : "")
        .filter(type -> !type.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
