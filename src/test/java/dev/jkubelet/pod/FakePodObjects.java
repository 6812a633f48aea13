package dev.jkubelet.pod;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cluster's objects, by name; it fails once it is told to. */
final class FakePodObjects implements PodObjects {
  final Map<String, ConfigMap> configMaps = new ConcurrentHashMap<>();
  final Map<String, Secret> secrets = new ConcurrentHashMap<>();
  final Map<String, RuntimeClass> runtimeClasses = new ConcurrentHashMap<>();
  final List<Service> services = new CopyOnWriteArrayList<>();
  final List<String> released = new CopyOnWriteArrayList<>();
  final List<Set<String>> retained = new CopyOnWriteArrayList<>();
  volatile Optional<RuntimeException> failure = Optional.empty();

  @Override
  public CompletionStage<Optional<ConfigMap>> configMap(PodKey pod, String name) {
    return answer(Optional.ofNullable(configMaps.get(name)));
  }

  @Override
  public CompletionStage<Optional<Secret>> secret(PodKey pod, String name) {
    return answer(Optional.ofNullable(secrets.get(name)));
  }

  @Override
  public CompletionStage<List<Service>> services() {
    return answer(services);
  }

  @Override
  public CompletionStage<Optional<RuntimeClass>> runtimeClass(String name) {
    return answer(Optional.ofNullable(runtimeClasses.get(name)));
  }

  @Override
  public void release(String podUid) {
    released.add(podUid);
  }

  @Override
  public void retain(Set<String> podUids) {
    retained.add(Set.copyOf(podUids));
  }

  private <T> CompletionStage<T> answer(T value) {
    return failure
        .<CompletionStage<T>>map(CompletableFuture::failedStage)
        .orElseGet(() -> CompletableFuture.completedStage(value));
  }
}
