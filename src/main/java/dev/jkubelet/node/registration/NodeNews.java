package dev.jkubelet.node.registration;

import dev.jkubelet.node.event.NodeEvents;
import io.fabric8.kubernetes.api.model.Node;

/** The events that tell of the node's life. */
final class NodeNews {
  private final String nodeName;
  private final NodeEvents events;
  private boolean unschedulable;

  NodeNews(String nodeName, NodeEvents events) {
    this.nodeName = nodeName;
    this.events = events;
  }

  void start() {
    events.record("Normal", "Starting", "Starting kubelet.");
  }

  void tell(NodeCalls.Outcome outcome) {
    outcome.changes().forEach(this::tell);
    if (outcome.rebooted()) {
      var boot = outcome.node().getStatus().getNodeInfo().getBootID();
      events.record(
          "Warning",
          "NodeRebooted",
          "Node %s has been rebooted, boot id: %s".formatted(nodeName, boot));
    }
    boolean closed = closed(outcome.node());
    if (closed != unschedulable) {
      unschedulable = closed;
      tell(closed ? "NodeNotSchedulable" : "NodeSchedulable");
    }
  }

  private void tell(String change) {
    events.record("Normal", change, "Node %s status is now: %s".formatted(nodeName, change));
  }

  private static boolean closed(Node node) {
    return node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
  }
}
