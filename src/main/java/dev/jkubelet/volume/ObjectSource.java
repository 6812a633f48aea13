package dev.jkubelet.volume;

import dev.jkubelet.cluster.BoundToken;
import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where objects that a pod's volumes are made of come from. Every stage ends within a time limit;
 * what does not exist is empty, what nobody can tell fails.
 */
public interface ObjectSource {
  /** A ConfigMap of the pod's namespace; followed from now on until the pod is gone. */
  CompletionStage<Optional<ConfigMap>> configMap(PodKey pod, String name);

  /** A Secret of the pod's namespace; followed from now on until the pod is gone. */
  CompletionStage<Optional<Secret>> secret(PodKey pod, String name);

  /**
   * An object as it is now, such as a PersistentVolume.
   *
   * @param namespace null for one of the cluster
   */
  <T extends HasMetadata> CompletionStage<Optional<T>> now(
      Class<T> kind, String namespace, String name);

  /** A strategic merge patch (JSON) of a claim's status. */
  CompletionStage<PersistentVolumeClaim> patchStatus(PersistentVolumeClaim claim, String patch);

  /**
   * A token for the pod's service account, bound to the pod.
   *
   * @param audiences none for the API server's own
   * @param life as long as it is to be good; the server may give it less or more
   */
  CompletionStage<BoundToken> token(
      PodKey pod, String serviceAccount, List<String> audiences, Duration life);
}
