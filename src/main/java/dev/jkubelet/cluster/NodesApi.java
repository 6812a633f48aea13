package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.Node;
import java.util.concurrent.CompletionStage;

/** This node's object of the core group, v1. */
public interface NodesApi {
  /** The Node object of this node, and what others change in it. */
  Following follow(Follower<Node> follower);

  CompletionStage<Node> get(String name);

  CompletionStage<Node> create(Node node);

  /** A strategic merge patch (JSON) of labels, annotations, taints. */
  CompletionStage<Node> patch(String name, String patch);

  /** A strategic merge patch (JSON) of the status subresource. */
  CompletionStage<Node> patchStatus(String name, String patch);
}
