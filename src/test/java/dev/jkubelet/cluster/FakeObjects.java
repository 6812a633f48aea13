package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tells followers what the test says, and counts them. */
final class FakeObjects implements ObjectsApi {
  final Map<String, Follower<ConfigMap>> configMaps = new HashMap<>();
  final Map<String, Follower<Secret>> secrets = new HashMap<>();
  final List<String> begun = new ArrayList<>();
  final List<String> ended = new ArrayList<>();
  Follower<Service> services;
  CompletionStage<? extends HasMetadata> got = new CompletableFuture<>();
  final List<TokenRequest> tokenRequests = new ArrayList<>();
  CompletionStage<TokenRequest> token = new CompletableFuture<>();

  @Override
  public Following followConfigMap(String namespace, String name, Follower<ConfigMap> follower) {
    configMaps.put(namespace + "/" + name, follower);
    return following("configmap " + namespace + "/" + name);
  }

  @Override
  public Following followSecret(String namespace, String name, Follower<Secret> follower) {
    secrets.put(namespace + "/" + name, follower);
    return following("secret " + namespace + "/" + name);
  }

  @Override
  public Following followServices(Follower<Service> follower) {
    services = follower;
    return following("services");
  }

  @Override
  public <T extends HasMetadata> CompletionStage<T> get(
      Class<T> kind, String namespace, String name) {
    return got.thenApply(kind::cast);
  }

  @Override
  public <T extends HasMetadata> CompletionStage<T> create(Class<T> kind, T object) {
    return CompletableFuture.completedStage(object);
  }

  @Override
  public <T extends HasMetadata> CompletionStage<T> patch(
      Class<T> kind, String namespace, String name, String patch) {
    return got.thenApply(kind::cast);
  }

  @Override
  public <T extends HasMetadata> CompletionStage<T> patchStatus(
      Class<T> kind, String namespace, String name, String patch) {
    return got.thenApply(kind::cast);
  }

  @Override
  public CompletionStage<TokenRequest> createToken(
      String namespace, String serviceAccount, TokenRequest request) {
    tokenRequests.add(request);
    return token;
  }

  private Following following(String what) {
    begun.add(what);
    return () -> ended.add(what);
  }
}
