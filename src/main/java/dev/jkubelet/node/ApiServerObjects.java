package dev.jkubelet.node;

import dev.jkubelet.cluster.BoundToken;
import dev.jkubelet.cluster.ReferencedObjects;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.PodObjects;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The objects of a cluster, for pods that know no cluster. */
public record ApiServerObjects(ReferencedObjects objects) implements PodObjects {
  @Override
  public CompletionStage<Optional<ConfigMap>> configMap(PodKey pod, String name) {
    return objects.configMap(pod.uid(), pod.namespace(), name);
  }

  @Override
  public CompletionStage<Optional<Secret>> secret(PodKey pod, String name) {
    return objects.secret(pod.uid(), pod.namespace(), name);
  }

  @Override
  public <T extends HasMetadata> CompletionStage<Optional<T>> now(
      Class<T> kind, String namespace, String name) {
    return objects.now(kind, namespace, name);
  }

  @Override
  public CompletionStage<PersistentVolumeClaim> patchStatus(
      PersistentVolumeClaim claim, String patch) {
    return objects.patchStatus(claim, patch);
  }

  @Override
  public CompletionStage<BoundToken> token(
      PodKey pod, String serviceAccount, List<String> audiences, Duration life) {
    return objects.token(pod, serviceAccount, audiences, life);
  }

  @Override
  public CompletionStage<List<Service>> services() {
    return objects.services();
  }

  @Override
  public CompletionStage<Optional<RuntimeClass>> runtimeClass(String name) {
    return objects.runtimeClass(name);
  }

  @Override
  public void release(String podUid) {
    objects.release(podUid);
  }

  @Override
  public void retain(Set<String> podUids) {
    objects.retain(podUids);
  }
}
