package dev.jkubelet.server;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.RuntimeFixture;
import dev.jkubelet.runtime.TestConfigs;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A pod with a running container {@code main} and a dead one, {@code dead}. */
final class OnePod implements AutoCloseable {
  static final String PAUSE = "k8s.gcr.io/pause:3.2";

  final PodKey key = new PodKey("stream", "pod-" + UUID.randomUUID(), UUID.randomUUID().toString());
  private final ContainerRuntime runtime;
  private final String id;
  private final String sandbox;

  OnePod(ContainerRuntime runtime, RuntimeFixture.Program program, Path logs) {
    this.runtime = runtime;
    var configs = new TestConfigs(key, PAUSE, logs);
    this.sandbox = get(runtime.runSandbox(configs.sandbox(0)));
    this.id = get(runtime.createContainer(configs.container(sandbox, program)));
    get(runtime.start(id));
  }

  String sandbox() {
    return sandbox;
  }

  PodSnapshot snapshot() {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(key.namespace())
            .withName(key.name())
            .withUid(key.uid())
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("main")
            .endContainer()
            .addNewContainer()
            .withName("dead")
            .endContainer()
            .endSpec()
            .build();
    return new PodSnapshot(
        pod, Map.of("main", container("main", true), "dead", container("dead", false)));
  }

  private ContainerSnapshot container(String name, boolean running) {
    var instance = new ContainerSnapshot.Instance(id, "image", running, Optional.empty(), 1);
    return new ContainerSnapshot(name, Optional.of(instance), Optional.empty());
  }

  /** The path of an exec, with flags as in a query. */
  String exec(String flags, String... command) {
    return "/exec/%s/%s/main?%s&%s"
        .formatted(
            key.namespace(),
            key.name(),
            flags,
            Stream.of(command)
                .map(word -> "command=" + URLEncoder.encode(word, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&")));
  }

  String portForward() {
    return "/portForward/%s/%s".formatted(key.namespace(), key.name());
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    for (var summary : get(runtime.list(key.uid())).reversed()) {
      get(runtime.remove(summary.id()));
    }
  }
}
