package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.image.BadDockerConfig;
import dev.jkubelet.image.ImageReference;
import dev.jkubelet.image.Keyring;
import dev.jkubelet.runtime.RegistryCredentials;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PullSecretsTest {
  private static final Pod POD =
      Specs.pod("{containers: [], imagePullSecrets: [{name: one}, {name: two}]}");
  private static final String ENTRY = "{\"r.test\": {\"username\": \"%s\"}}";

  private final FakePodObjects objects = new FakePodObjects();
  private final List<String> events = new ArrayList<>();

  @Test
  void readsBothKindsOfSecrets() {
    objects.secrets.put(
        "one",
        secret(
            "kubernetes.io/dockerconfigjson",
            ".dockerconfigjson",
            "{\"auths\": " + ENTRY.formatted("new") + "}"));
    objects.secrets.put(
        "two", secret("kubernetes.io/dockercfg", ".dockercfg", ENTRY.formatted("old")));

    assertThat(users(find().join())).containsExactly("new", "old");
    assertThat(events).isEmpty();
  }

  @Test
  void leavesOutSecretsOfOtherTypes() {
    objects.secrets.put("one", secret("Opaque", ".dockercfg", ENTRY.formatted("x")));
    objects.secrets.put("two", secret("kubernetes.io/dockercfg", "other", ENTRY.formatted("x")));

    assertThat(users(find().join())).isEmpty();
  }

  @Test
  void goesOnWithoutWhatIsMissing() {
    objects.secrets.put(
        "two", secret("kubernetes.io/dockercfg", ".dockercfg", ENTRY.formatted("old")));

    assertThat(users(find().join())).containsExactly("old");
    assertThat(events)
        .containsExactly(
            "Warning FailedToRetrieveImagePullSecret Unable to retrieve some image pull secrets (one); attempting to pull the image may not succeed.");
  }

  @Test
  void goesOnWithoutTheApiServer() {
    objects.failure = Optional.of(new IllegalStateException("timed out"));

    assertThat(users(find().join())).isEmpty();
    assertThat(events).hasSize(1);
  }

  @Test
  void failsForOneThatCantBeRead() {
    objects.secrets.put("one", secret("kubernetes.io/dockercfg", ".dockercfg", "nonsense"));

    assertThatThrownBy(() -> find().join()).hasCauseInstanceOf(BadDockerConfig.class);
  }

  private CompletableFuture<Keyring> find() {
    return PullSecrets.find(
            POD,
            objects,
            (_, _, type, reason, message) -> events.add(type + " " + reason + " " + message))
        .toCompletableFuture();
  }

  private static List<String> users(Keyring keyring) {
    return keyring.candidates(ImageReference.parse("r.test/x")).stream()
        .map(RegistryCredentials::username)
        .toList();
  }

  private static Secret secret(String type, String key, String text) {
    return new SecretBuilder()
        .withType(type)
        .addToData(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
        .build();
  }
}
