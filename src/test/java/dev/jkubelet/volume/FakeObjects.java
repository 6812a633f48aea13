package dev.jkubelet.volume;

import dev.jkubelet.cluster.BoundToken;
import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Objects of a namespace, by name. */
final class FakeObjects implements ObjectSource {
  final Map<String, ConfigMap> configMaps = new HashMap<>();
  final Map<String, Secret> secrets = new HashMap<>();

  void configMap(String name, Map<String, String> data) {
    configMaps.put(name, new ConfigMapBuilder().withData(data).build());
  }

  void secret(String name, String key, String value) {
    var encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    secrets.put(name, new SecretBuilder().addToData(key, encoded).build());
  }

  final Map<String, PersistentVolumeClaim> claims = new HashMap<>();
  final Map<String, PersistentVolume> persistentVolumes = new HashMap<>();

  /** Of all other kinds. */
  final Map<String, HasMetadata> others = new HashMap<>();

  final List<String> patches = new ArrayList<>();

  @Override
  public <T extends HasMetadata> CompletionStage<Optional<T>> now(
      Class<T> kind, String namespace, String name) {
    Map<String, ? extends HasMetadata> known =
        kind == PersistentVolumeClaim.class
            ? claims
            : kind == PersistentVolume.class
                ? persistentVolumes
                : kind == Secret.class ? secrets : others;
    return CompletableFuture.completedStage(
        Optional.<HasMetadata>ofNullable(known.get(name)).filter(kind::isInstance).map(kind::cast));
  }

  @Override
  public CompletionStage<PersistentVolumeClaim> patchStatus(
      PersistentVolumeClaim claim, String patch) {
    patches.add(claim.getMetadata().getName() + " " + patch);
    return CompletableFuture.completedStage(claim);
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
    return CompletableFuture.completedStage(Optional.ofNullable(configMaps.get(name)));
  }

  @Override
  public CompletionStage<Optional<Secret>> secret(PodKey pod, String name) {
    return CompletableFuture.completedStage(Optional.ofNullable(secrets.get(name)));
  }
}
