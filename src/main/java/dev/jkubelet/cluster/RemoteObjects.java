package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import java.util.concurrent.CompletionStage;

record RemoteObjects(ApiCalls calls, Followings followings) implements ObjectsApi {
  @Override
  public Following followConfigMap(String namespace, String name, Follower<ConfigMap> follower) {
    return followOne(ConfigMap.class, namespace, name, follower);
  }

  @Override
  public Following followSecret(String namespace, String name, Follower<Secret> follower) {
    return followOne(Secret.class, namespace, name, follower);
  }

  @Override
  public Following followServices(Follower<Service> follower) {
    return followings.follow(ApiPath.of(Service.class), "", Service.class, follower);
  }

  @Override
  public <T extends HasMetadata> CompletionStage<T> get(
      Class<T> kind, String namespace, String name) {
    return calls.call(ApiRequest.get(ApiPath.of(kind, namespace, name)), kind);
  }

  @Override
  public <T extends HasMetadata> CompletionStage<T> create(Class<T> kind, T object) {
    return calls.call(ApiRequest.post(ApiPath.of(kind), calls.written(object)), kind);
  }

  @Override
  public <T extends HasMetadata> CompletionStage<T> patch(
      Class<T> kind, String namespace, String name, String patch) {
    return calls.call(ApiRequest.patch(ApiPath.of(kind, namespace, name), patch), kind);
  }

  @Override
  public <T extends HasMetadata> CompletionStage<T> patchStatus(
      Class<T> kind, String namespace, String name, String patch) {
    var path = ApiPath.of(kind, namespace, name) + "/status";
    return calls.call(ApiRequest.patch(path, patch), kind);
  }

  @Override
  public CompletionStage<TokenRequest> createToken(
      String namespace, String serviceAccount, TokenRequest request) {
    var path = ApiPath.of(ServiceAccount.class, namespace, serviceAccount) + "/token";
    return calls.call(ApiRequest.post(path, calls.written(request)), TokenRequest.class);
  }

  /** A list selected by name is what the node authorizer lets a node see. */
  private <T extends HasMetadata> Following followOne(
      Class<T> kind, String namespace, String name, Follower<T> follower) {
    return followings.follow(
        ApiPath.of(kind, namespace), ApiPath.where("metadata.name", name), kind, follower);
  }
}
