package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Pod;

/**
 * A pod's identity: the names that users and Docker's labels carry, and the UID that tells
 * incarnations apart.
 */
public record PodKey(String namespace, String name, String uid) {
  public static PodKey of(Pod pod) {
    var meta = pod.getMetadata();
    return new PodKey(meta.getNamespace(), meta.getName(), meta.getUid());
  }

  /** As the kubelet's messages name a pod: {@code name_namespace(uid)}. */
  @Override
  public String toString() {
    return name + "_" + namespace + "(" + uid + ")";
  }
}
