package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeHandlerTest {
  private static final Pod PLAIN = Specs.pod("{containers: []}");
  private static final Pod SPECIAL = Specs.pod("{runtimeClassName: special, containers: []}");

  private final FakePodObjects objects = new FakePodObjects();

  @Test
  void asksNobodyForAPodWithoutAClass() {
    objects.failure = Optional.of(new IllegalStateException("not asked"));

    assertThat(check(PLAIN, objects)).isCompleted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "docker"})
  void takesTheEnginesOwnRuntime(String handler) {
    define(handler);

    assertThat(check(SPECIAL, objects)).isCompleted();
  }

  @Test
  void refusesAnotherRuntime() {
    define("runsc");

    refused(
        "Failed to create pod sandbox: rpc error: code = Unknown desc = RuntimeHandler \"runsc\" not supported");
  }

  @Test
  void refusesAClassThatIsNotThere() {
    refused("Failed to create pod sandbox: runtimeclass.node.k8s.io \"special\" not found");
  }

  @Test
  void saysWhenNobodyCanTell() {
    objects.failure = Optional.of(new IllegalStateException("timed out"));

    refused("Failed to create pod sandbox: failed to lookup RuntimeClass special: timed out");
  }

  @Test
  void doesNotMindOnANodeWithoutAnApiServer() {
    assertThat(check(SPECIAL, PodObjects.none())).isCompleted();
  }

  private void define(String handler) {
    objects.runtimeClasses.put("special", new RuntimeClassBuilder().withHandler(handler).build());
  }

  private void refused(String message) {
    assertThatThrownBy(() -> check(SPECIAL, objects).join())
        .hasCauseInstanceOf(RuntimeHandler.Unsupported.class)
        .hasRootCauseMessage(message);
  }

  private static CompletableFuture<Void> check(Pod pod, PodObjects objects) {
    return RuntimeHandler.check(pod, objects).toCompletableFuture();
  }
}
