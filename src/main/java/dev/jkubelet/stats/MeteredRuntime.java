package dev.jkubelet.stats;

import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.EngineInfo;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.runtime.PullProgress;
import dev.jkubelet.runtime.RegistryCredentials;
import dev.jkubelet.runtime.RuntimeEvent;
import dev.jkubelet.runtime.SandboxConfig;
import dev.jkubelet.runtime.StandardStreams;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Counts and times what is asked of the engine. Ids don't tell sandboxes from containers, so the
 * sandboxes seen by the last full list, and those started since, are remembered.
 */
public final class MeteredRuntime implements ContainerRuntime {
  private final ContainerRuntime engine;
  private final KubeletMetrics metrics;
  private volatile Set<String> sandboxes = ConcurrentHashMap.newKeySet();

  public MeteredRuntime(ContainerRuntime engine, KubeletMetrics metrics) {
    this.engine = engine;
    this.metrics = metrics;
  }

  @Override
  public CompletionStage<EngineInfo> info() {
    return metered(RuntimeOperation.STATUS, engine::info);
  }

  @Override
  public CompletionStage<List<ContainerSummary>> list() {
    return metered(RuntimeOperation.LIST_CONTAINERS, engine::list).thenApply(this::remember);
  }

  private List<ContainerSummary> remember(List<ContainerSummary> all) {
    Set<String> found = ConcurrentHashMap.newKeySet();
    all.stream()
        .filter(container -> container.type() == ContainerType.SANDBOX)
        .map(ContainerSummary::id)
        .forEach(found::add);
    sandboxes = found;
    return all;
  }

  @Override
  public CompletionStage<List<ContainerSummary>> list(String podUid) {
    return metered(RuntimeOperation.LIST_CONTAINERS, () -> engine.list(podUid));
  }

  @Override
  public CompletionStage<ContainerInspection> inspect(String id) {
    return metered(
        either(id, RuntimeOperation.SANDBOX_STATUS, RuntimeOperation.CONTAINER_STATUS),
        () -> engine.inspect(id));
  }

  @Override
  public CompletionStage<String> runSandbox(SandboxConfig config, Consumer<String> made) {
    return metered(RuntimeOperation.RUN_SANDBOX, () -> engine.runSandbox(config, made))
        .thenApply(
            id -> {
              sandboxes.add(id);
              return id;
            });
  }

  @Override
  public CompletionStage<String> createContainer(ContainerConfig config) {
    return metered(RuntimeOperation.CREATE_CONTAINER, () -> engine.createContainer(config));
  }

  @Override
  public CompletionStage<Void> start(String id) {
    return metered(RuntimeOperation.START_CONTAINER, () -> engine.start(id));
  }

  @Override
  public CompletionStage<Void> update(String id, ContainerConfig.Resources resources) {
    return metered(RuntimeOperation.UPDATE_CONTAINER, () -> engine.update(id, resources));
  }

  @Override
  public CompletionStage<Void> stop(String id, Duration grace) {
    return metered(
        either(id, RuntimeOperation.STOP_SANDBOX, RuntimeOperation.STOP_CONTAINER),
        () -> engine.stop(id, grace));
  }

  @Override
  public CompletionStage<Void> remove(String id) {
    return metered(
        either(id, RuntimeOperation.REMOVE_SANDBOX, RuntimeOperation.REMOVE_CONTAINER),
        () -> engine.remove(id));
  }

  @Override
  public CompletionStage<Optional<Image>> image(String reference) {
    return metered(RuntimeOperation.IMAGE_STATUS, () -> engine.image(reference));
  }

  @Override
  public CompletionStage<List<Image>> images() {
    return metered(RuntimeOperation.LIST_IMAGES, engine::images);
  }

  @Override
  public CompletionStage<Void> removeImage(Image image) {
    return metered(RuntimeOperation.REMOVE_IMAGE, () -> engine.removeImage(image));
  }

  @Override
  public CompletionStage<Image> pull(
      String reference,
      Optional<RegistryCredentials> credentials,
      Consumer<PullProgress> listener) {
    return metered(
        RuntimeOperation.PULL_IMAGE, () -> engine.pull(reference, credentials, counted(listener)));
  }

  @Override
  public CompletionStage<ProcessStreams> exec(
      String id, List<String> command, StandardStreams streams) {
    return metered(RuntimeOperation.EXEC, () -> engine.exec(id, command, streams));
  }

  @Override
  public CompletionStage<ProcessStreams> attach(String id, StandardStreams streams) {
    return metered(RuntimeOperation.ATTACH, () -> engine.attach(id, streams));
  }

  @Override
  public CompletionStage<PodConnection> connect(String sandboxId, int port) {
    return metered(RuntimeOperation.PORT_FORWARD, () -> engine.connect(sandboxId, port));
  }

  @Override
  public AutoCloseable events(Consumer<RuntimeEvent> onEvent, Consumer<Throwable> onEnd) {
    return engine.events(onEvent, onEnd);
  }

  @Override
  public void close() {
    engine.close();
  }

  /** Of what the same pull told before only what is new counts. */
  private Consumer<PullProgress> counted(Consumer<PullProgress> listener) {
    var told = new AtomicLong();
    return progress -> {
      metrics.pulled(progress.bytes() - told.getAndSet(progress.bytes()));
      listener.accept(progress);
    };
  }

  private String either(String id, String sandbox, String container) {
    return sandboxes.contains(id) ? sandbox : container;
  }

  private <T> CompletionStage<T> metered(String type, Supplier<CompletionStage<T>> call) {
    long start = System.nanoTime();
    return call.get()
        .whenComplete(
            (_, failure) ->
                metrics.runtimeOperation(
                    type, Duration.ofNanos(System.nanoTime() - start), failure != null));
  }
}
