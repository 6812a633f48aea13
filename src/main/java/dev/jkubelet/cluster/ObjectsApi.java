package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import java.util.concurrent.CompletionStage;

/**
 * What pods refer to. A node may see these one by one, by name, and only while a pod of its own
 * does.
 */
public interface ObjectsApi {
  /** One ConfigMap; an empty list while it does not exist. */
  Following followConfigMap(String namespace, String name, Follower<ConfigMap> follower);

  /** One Secret; an empty list while it does not exist. */
  Following followSecret(String namespace, String name, Follower<Secret> follower);

  /** All services of the cluster. */
  Following followServices(Follower<Service> follower);

  /**
   * Such as a RuntimeClass, PersistentVolumeClaim or PersistentVolume; null namespace for the
   * cluster's.
   */
  <T extends HasMetadata> CompletionStage<T> get(Class<T> kind, String namespace, String name);

  /** One of the cluster. */
  <T extends HasMetadata> CompletionStage<T> create(Class<T> kind, T object);

  /** A strategic merge patch (JSON); null namespace for the cluster's. */
  <T extends HasMetadata> CompletionStage<T> patch(
      Class<T> kind, String namespace, String name, String patch);

  /** The same of the status subresource. */
  <T extends HasMetadata> CompletionStage<T> patchStatus(
      Class<T> kind, String namespace, String name, String patch);

  /** A token bound as {@code request} says, for a pod's service account. */
  CompletionStage<TokenRequest> createToken(
      String namespace, String serviceAccount, TokenRequest request);
}
