package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.Node;
import java.util.concurrent.CompletionStage;

record RemoteNodes(ApiCalls calls, Followings followings, String nodeName) implements NodesApi {
  @Override
  public Following follow(Follower<Node> follower) {
    return followings.follow(
        ApiPath.of(Node.class), ApiPath.where("metadata.name", nodeName), Node.class, follower);
  }

  @Override
  public CompletionStage<Node> get(String name) {
    return calls.call(ApiRequest.get(path(name)), Node.class);
  }

  @Override
  public CompletionStage<Node> create(Node node) {
    return calls.call(ApiRequest.post(ApiPath.of(Node.class), calls.written(node)), Node.class);
  }

  @Override
  public CompletionStage<Node> patch(String name, String patch) {
    return calls.call(ApiRequest.patch(path(name), patch), Node.class);
  }

  @Override
  public CompletionStage<Node> patchStatus(String name, String patch) {
    return calls.call(ApiRequest.patch(path(name) + "/status", patch), Node.class);
  }

  private static String path(String name) {
    return ApiPath.of(Node.class, null, name);
  }
}
