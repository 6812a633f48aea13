package dev.jkubelet.node;

import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;

/** What the node's pods come to, for those who tell the API server. */
public sealed interface PodReport {
  /** Something of the pod has changed. */
  record Changed(PodSnapshot snapshot) implements PodReport {}

  /**
   * Nothing is left of a pod that the API server wants deleted.
   *
   * @param last its final status
   */
  record Ended(PodSnapshot last) implements PodReport {}

  /** No source wants the pod any more. */
  record Forgotten(String uid) implements PodReport {}

  /**
   * The pods that come from other sources than the API server.
   *
   * @param ending {@code namespace/name} of those no source wants any more, that still run
   * @param complete whether every source has spoken: before, nobody knows what is not wanted
   */
  record Statics(List<Pod> pods, Set<String> ending, boolean complete) implements PodReport {}
}
