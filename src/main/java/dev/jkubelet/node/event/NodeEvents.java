package dev.jkubelet.node.event;

/** Where the Kubernetes events of this node go. */
@FunctionalInterface
public interface NodeEvents {
  /**
   * Something worth an operator's notice.
   *
   * @param type {@code Normal} or {@code Warning}
   * @param reason the kubelet's, such as {@code Starting} or {@code NodeReady}
   */
  void record(String type, String reason, String message);
}
