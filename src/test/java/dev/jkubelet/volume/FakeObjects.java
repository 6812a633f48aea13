package dev.jkubelet.volume;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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

  @Override
  public CompletionStage<Optional<ConfigMap>> configMap(PodKey pod, String name) {
    return CompletableFuture.completedStage(Optional.ofNullable(configMaps.get(name)));
  }

  @Override
  public CompletionStage<Optional<Secret>> secret(PodKey pod, String name) {
    return CompletableFuture.completedStage(Optional.ofNullable(secrets.get(name)));
  }
}
