package dev.jkubelet.pod;

import dev.jkubelet.cluster.BoundToken;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.volume.ObjectSource;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What pods refer to, as the cluster last told. Nothing blocks, and every stage ends within a time
 * limit. What does not exist is empty; what nobody can tell fails, with a message for the pod's
 * events.
 */
public interface PodObjects extends ObjectSource {
  /** All services of the cluster. */
  CompletionStage<List<Service>> services();

  CompletionStage<Optional<RuntimeClass>> runtimeClass(String name);

  /** The pod is gone: what it alone referred to need not be followed any more. */
  void release(String podUid);

  /** All others are gone, even if they asked for something after they were released. */
  void retain(Set<String> podUids);

  /** There is no API server to ask. */
  final class NoApiServer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoApiServer(String message) {
      super(message);
    }
  }

  /** A node without an API server: no objects, and no services to tell of. */
  static PodObjects none() {
    return new PodObjects() {
      @Override
      public CompletionStage<Optional<ConfigMap>> configMap(PodKey pod, String name) {
        return nobodyKnows("configMap " + pod.namespace() + "/" + name);
      }

      @Override
      public CompletionStage<Optional<Secret>> secret(PodKey pod, String name) {
        return nobodyKnows("secret " + pod.namespace() + "/" + name);
      }

      @Override
      public <T extends HasMetadata> CompletionStage<Optional<T>> now(
          Class<T> kind, String namespace, String name) {
        var what = HasMetadata.getSingular(kind) + " ";
        return nobodyKnows(what + (namespace == null ? name : namespace + "/" + name));
      }

      @Override
      public CompletionStage<PersistentVolumeClaim> patchStatus(
          PersistentVolumeClaim claim, String patch) {
        return nobodyKnows("persistentvolumeclaim " + claim.getMetadata().getName());
      }

      @Override
      public CompletionStage<BoundToken> token(
          PodKey pod, String serviceAccount, List<String> audiences, Duration life) {
        return nobodyKnows("token of service account " + pod.namespace() + "/" + serviceAccount);
      }

      @Override
      public CompletionStage<List<Service>> services() {
        return CompletableFuture.completedStage(List.of());
      }

      @Override
      public CompletionStage<Optional<RuntimeClass>> runtimeClass(String name) {
        return nobodyKnows("runtimeClass " + name);
      }

      @Override
      public void release(String podUid) {}

      @Override
      public void retain(Set<String> podUids) {}

      private <T> CompletionStage<T> nobodyKnows(String object) {
        return CompletableFuture.failedStage(
            new NoApiServer("couldn't get " + object + ", no kubeClient defined"));
      }
    };
  }
}
