package dev.jkubelet.volume;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
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
}
