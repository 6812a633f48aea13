package dev.jkubelet.node.pressure;

/** What the node is short of. */
public record NodePressures(boolean memory, boolean disk, boolean pid) {
  /** Of nothing. */
  public static final NodePressures NONE = new NodePressures(false, false, false);
}
