package dev.jkubelet.runtime.cni;

import dev.jkubelet.runtime.BlockingCalls;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * An engine whose sandboxes, but for those on the host's network, have no network until CNI's
 * plugins connect them, and are disconnected before they are stopped or removed.
 */
public final class CniRuntime implements ContainerRuntime {
  private final ContainerRuntime engine;
  private final SandboxNetworks networks;
  private final NetworkSurvey survey;

  /**
   * @param engine makes sandboxes without a network of its own
   */
  public CniRuntime(ContainerRuntime engine, CniOptions options, BlockingCalls calls) {
    this.engine = engine;
    this.networks = new SandboxNetworks(engine, options, calls);
    this.survey = new NetworkSurvey(networks);
  }

  @Override
  public CompletionStage<String> runSandbox(SandboxConfig config, Consumer<String> made) {
    if (config.namespaces().hostNetwork()) {
      return engine.runSandbox(config, made);
    }
    return networks
        .find(config)
        .thenCompose(_ -> engine.runSandbox(config.withoutPorts(), made))
        .thenCompose(
            id ->
                networks
                    .connect(config, id)
                    .thenApply(_ -> id)
                    .exceptionallyCompose(failure -> given(id, failure)));
  }

  /** A sandbox without a network is of no use. */
  private CompletionStage<String> given(String id, Throwable failure) {
    return engine
        .remove(id)
        .handle((_, _) -> null)
        .thenCompose(_ -> CompletableFuture.failedStage(failure));
  }

  @Override
  public CompletionStage<ContainerInspection> inspect(String id) {
    return engine
        .inspect(id)
        .thenCompose(
            found ->
                found.summary().type() == ContainerType.SANDBOX
                    ? networks.addressed(found)
                    : CompletableFuture.completedStage(found));
  }

  @Override
  public CompletionStage<Void> stop(String id, Duration grace) {
    return networks.disconnect(id).thenCompose(_ -> engine.stop(id, grace));
  }

  @Override
  public CompletionStage<Void> remove(String id) {
    return networks.disconnect(id).thenCompose(_ -> engine.remove(id));
  }

  @Override
  public CompletionStage<List<ContainerSummary>> list() {
    return survey.of(engine::list);
  }

  @Override
  public CompletionStage<EngineInfo> info() {
    return engine.info();
  }

  @Override
  public CompletionStage<List<ContainerSummary>> list(String podUid) {
    return engine.list(podUid);
  }

  @Override
  public CompletionStage<String> createContainer(ContainerConfig config) {
    return engine.createContainer(config);
  }

  @Override
  public CompletionStage<Void> start(String id) {
    return engine.start(id);
  }

  @Override
  public CompletionStage<Void> update(String id, ContainerConfig.Resources resources) {
    return engine.update(id, resources);
  }

  @Override
  public CompletionStage<Optional<Image>> image(String reference) {
    return engine.image(reference);
  }

  @Override
  public CompletionStage<List<Image>> images() {
    return engine.images();
  }

  @Override
  public CompletionStage<Void> removeImage(Image image) {
    return engine.removeImage(image);
  }

  @Override
  public CompletionStage<Image> pull(
      String reference,
      Optional<RegistryCredentials> credentials,
      Consumer<PullProgress> listener) {
    return engine.pull(reference, credentials, listener);
  }

  @Override
  public CompletionStage<ProcessStreams> exec(
      String id, List<String> command, StandardStreams streams) {
    return engine.exec(id, command, streams);
  }

  @Override
  public CompletionStage<ProcessStreams> attach(String id, StandardStreams streams) {
    return engine.attach(id, streams);
  }

  @Override
  public CompletionStage<PodConnection> connect(String sandboxId, int port) {
    return engine.connect(sandboxId, port);
  }

  @Override
  public AutoCloseable events(Consumer<RuntimeEvent> onEvent, Consumer<Throwable> onEnd) {
    return engine.events(onEvent, onEnd);
  }

  @Override
  public void close() {
    engine.close();
  }
}
