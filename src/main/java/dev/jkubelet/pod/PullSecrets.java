package dev.jkubelet.pod;

import dev.jkubelet.image.DockerConfig;
import dev.jkubelet.image.Keyring;
import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The credentials that a pod brings for its images: its {@code imagePullSecrets}. */
final class PullSecrets {
  private PullSecrets() {}

  /**
   * Does without those that are not there, and says so in an event; fails for one that is there and
   * can't be read.
   */
  static CompletionStage<Keyring> find(Pod pod, PodObjects objects, PodEvents events) {
    return all(pod, objects)
        .thenApply(
            found -> {
              var missing =
                  found.stream().filter(f -> f.secret().isEmpty()).map(Named::name).toList();
              if (!missing.isEmpty()) {
                events.record(
                    pod,
                    "",
                    "Warning",
                    "FailedToRetrieveImagePullSecret",
                    "Unable to retrieve some image pull secrets (%s); attempting to pull the image may not succeed."
                        .formatted(String.join(", ", missing)));
              }
              return new Keyring(
                  found.stream()
                      .flatMap(f -> f.secret().stream())
                      .flatMap(secret -> config(secret).stream())
                      .toList());
            });
  }

  private record Named(String name, Optional<Secret> secret) {}

  private static CompletionStage<List<Named>> all(Pod pod, PodObjects objects) {
    var key = PodKey.of(pod);
    CompletionStage<List<Named>> all = CompletableFuture.completedStage(List.of());
    for (var name : names(pod)) {
      var one =
          objects
              .secret(key, name)
              .handle((found, failure) -> failure == null ? found : Optional.<Secret>empty())
              .thenApply(secret -> new Named(name, secret));
      all =
          all.thenCombine(
              one,
              (before, next) -> {
                var with = new ArrayList<>(before);
                with.add(next);
                return with;
              });
    }
    return all;
  }

  private static List<String> names(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getImagePullSecrets()).orElse(List.of()).stream()
        .map(LocalObjectReference::getName)
        .distinct()
        .toList();
  }

  /** A secret of another type holds nothing for registries. */
  private static Optional<DockerConfig> config(Secret secret) {
    return switch (secret.getType()) {
      case "kubernetes.io/dockerconfigjson" ->
          text(secret, ".dockerconfigjson").map(DockerConfig::ofConfigJson);
      case "kubernetes.io/dockercfg" -> text(secret, ".dockercfg").map(DockerConfig::ofDockercfg);
      case null, default -> Optional.empty();
    };
  }

  private static Optional<String> text(Secret secret, String key) {
    return Optional.ofNullable(secret.getData()).orElse(Map.of()).entrySet().stream()
        .filter(entry -> entry.getKey().equals(key) && !entry.getValue().isEmpty())
        .map(
            entry ->
                new String(Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8))
        .findFirst();
  }
}
