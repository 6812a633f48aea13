package dev.jkubelet.node.registration;

import java.util.HashMap;
import java.util.Map;

/** The labels of this node, before others add theirs. */
public final class NodeLabels {
  private NodeLabels() {}

  /**
   * Those that every node has, and {@code given} ones.
   *
   * @param given {@code --node-labels}
   */
  public static Map<String, String> of(String nodeName, Map<String, String> given) {
    var labels = new HashMap<String, String>();
    labels.put("kubernetes.io/hostname", nodeName);
    labels.put("kubernetes.io/os", Platform.OS);
    labels.put("kubernetes.io/arch", Platform.ARCHITECTURE);
    labels.put("beta.kubernetes.io/os", Platform.OS);
    labels.put("beta.kubernetes.io/arch", Platform.ARCHITECTURE);
    labels.putAll(given);
    return Map.copyOf(labels);
  }
}
