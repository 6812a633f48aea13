package dev.jkubelet.pod;

import dev.jkubelet.cluster.BoundToken;
import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster's objects, by name; it fails once it is told to. */
final class FakePodObjects implements PodObjects {
  final Map<String, ConfigMap> configMaps = new ConcurrentHashMap<>();
  final Map<String, Secret> secrets = new ConcurrentHashMap<>();
  final Map<String, RuntimeClass> runtimeClasses = new ConcurrentHashMap<>();
  final List<Service> services = new CopyOnWriteArrayList<>();
  final List<String> released = new CopyOnWriteArrayList<>();
  final List<Set<String>> retained = new CopyOnWriteArrayList<>();
  volatile Optional<RuntimeException> failure = Optional.empty();

  /** Of all other kinds; a claim's namespace is not looked at. */
  final Map<String, HasMetadata> others = new ConcurrentHashMap<>();

  @Override
  public <T extends HasMetadata> CompletionStage<Optional<T>> now(
      Class<T> kind, String namespace, String name) {
    return answer(Optional.ofNullable(others.get(name)).filter(kind::isInstance).map(kind::cast));
  }

  @Override
  public CompletionStage<PersistentVolumeClaim> patchStatus(
      PersistentVolumeClaim claim, String patch) {
    return answer(claim);
  }

  /** What the last token was asked for, and how many were given. */
  volatile String tokenOf = "";

  final AtomicInteger tokensGiven = new AtomicInteger();
  volatile Instant tokenRenewal = Instant.MAX;

  @Override
  public CompletionStage<BoundToken> token(
      PodKey pod, String serviceAccount, List<String> audiences, Duration life) {
    tokenOf = pod.name() + " as " + serviceAccount + " for " + audiences + " " + life.toSeconds();
    return CompletableFuture.completedStage(
        new BoundToken("token-" + tokensGiven.incrementAndGet(), tokenRenewal));
  }

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
