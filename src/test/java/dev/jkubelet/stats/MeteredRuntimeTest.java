package dev.jkubelet.stats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.PullProgress;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MeteredRuntimeTest {
  private final KubeletMetrics metrics = new KubeletMetrics("node");

  @Test
  void countsEachVerbUnderTheKubeletsName() {
    var runtime = new MeteredRuntime(answering(CompletableFuture.completedStage(null)), metrics);
    runtime.info();
    runtime.list("uid");
    runtime.inspect("c");
    runtime.createContainer(null);
    runtime.start("c");
    runtime.stop("c", Duration.ZERO);
    runtime.remove("c");
    runtime.image("busybox");
    runtime.images();
    runtime.pull("busybox", Optional.empty());

    assertThat(operations())
        .containsExactly(
            "container_status",
            "create_container",
            "image_status",
            "list_containers",
            "list_images",
            "pull_image",
            "remove_container",
            "start_container",
            "status",
            "stop_container");
  }

  @Test
  void countsTheBytesOfImagesAsTheyCome() {
    var listeners = new ArrayList<Consumer<PullProgress>>();
    var engine =
        (ContainerRuntime)
            Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (_, _, arguments) -> {
                  listeners.add(listener(arguments[2]));
                  return new CompletableFuture<Image>();
                });
    var runtime = new MeteredRuntime(engine, metrics);
    var heard = new ArrayList<PullProgress>();
    runtime.pull("one", Optional.empty(), heard::add);
    runtime.pull("other", Optional.empty());

    listeners.getFirst().accept(new PullProgress(0, 1, 1000));
    listeners.getLast().accept(new PullProgress(0, 1, 5));
    listeners.getFirst().accept(new PullProgress(1, 1, 3000));

    assertThat(new String(metrics.render(MetricsFormat.TEXT), UTF_8))
        .contains("\njkubelet_image_pull_bytes_total 3005\n");
    assertThat(heard).hasSize(2);
  }

  @SuppressWarnings("unchecked")
  private static Consumer<PullProgress> listener(Object argument) {
    return (Consumer<PullProgress>) argument;
  }

  @Test
  void tellsSandboxesFromContainersOnceItHasSeenThem() {
    var listed =
        List.of(summary("s", ContainerType.SANDBOX), summary("c", ContainerType.CONTAINER));
    new MeteredRuntime(answering(CompletableFuture.completedStage("new")), metrics)
        .runSandbox(null)
        .toCompletableFuture()
        .join();
    var runtime = new MeteredRuntime(answering(CompletableFuture.completedStage(listed)), metrics);
    runtime.list().toCompletableFuture().join();
    runtime.stop("s", Duration.ZERO);
    runtime.remove("s");
    runtime.stop("c", Duration.ZERO);

    assertThat(operations())
        .containsExactly(
            "list_containers",
            "remove_podsandbox",
            "run_podsandbox",
            "stop_container",
            "stop_podsandbox");
  }

  @Test
  void countsAFailureAndPassesItOn() {
    var failure = new IllegalStateException("gone");
    var runtime = new MeteredRuntime(answering(CompletableFuture.failedStage(failure)), metrics);

    var stage = runtime.start("c");

    assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
    assertThat(text())
        .contains("kubelet_runtime_operations_errors_total{operation_type=\"start_container\"} 1");
  }

  private List<String> operations() {
    return text()
        .lines()
        .filter(line -> line.startsWith("kubelet_runtime_operations_total{"))
        .map(line -> line.replaceAll(".*=\"(.*)\".*", "$1"))
        .toList();
  }

  private String text() {
    return new String(metrics.render(MetricsFormat.TEXT), StandardCharsets.UTF_8);
  }

  /** An engine that gives the same answer to every verb. */
  private static ContainerRuntime answering(CompletionStage<?> answer) {
    return (ContainerRuntime)
        Proxy.newProxyInstance(
            ContainerRuntime.class.getClassLoader(),
            new Class<?>[] {ContainerRuntime.class},
            (_, _, _) -> answer);
  }

  private static ContainerSummary summary(String id, ContainerType type) {
    return new ContainerSummary(
        id,
        type,
        new PodKey("default", "web", "uid"),
        "main",
        0,
        "",
        ContainerState.RUNNING,
        Instant.EPOCH);
  }
}
