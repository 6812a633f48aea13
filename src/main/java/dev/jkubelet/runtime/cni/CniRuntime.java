package dev.jkubelet.runtime.cni;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.EngineInfo;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.runtime.PullProgress;
import dev.jkubelet.runtime.RegistryCredentials;
import dev.jkubelet.runtime.RuntimeEvent;
import dev.jkubelet.runtime.SandboxConfig;
import dev.jkubelet.runtime.StandardStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine whose sandboxes, but for those on the host's network, have no network until CNI's
 * plugins connect them, and are disconnected before they are stopped or removed. With the first
 * list, what an agent that crashed left connected is disconnected, and what is there is checked:
 * that is told in the log and no more, as the kubelet never asks and a plugin in doubt must not
 * cost a pod its life.
 */
public final class CniRuntime implements ContainerRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(CniRuntime.class);

  private final ContainerRuntime engine;
  private final CniNetwork network;
  private final BlockingCalls calls;
  private final Duration limit;
  private final AtomicBoolean swept = new AtomicBoolean();

  /**
   * @param engine makes sandboxes without a network of its own
   */
  public CniRuntime(ContainerRuntime engine, CniOptions options, BlockingCalls calls) {
    this.engine = engine;
    this.network = new CniNetwork(options);
    this.calls = calls;
    this.limit = options.limit().multipliedBy(2);
  }

  @Override
  public CompletionStage<String> runSandbox(SandboxConfig config, Consumer<String> made) {
    if (config.namespaces().hostNetwork()) {
      return engine.runSandbox(config, made);
    }
    return call("find a network for " + config.pod(), network::configured)
        .exceptionallyCompose(failure -> refused(config, failure))
        .thenCompose(_ -> engine.runSandbox(config.withoutPorts(), made))
        .thenCompose(
            id ->
                engine
                    .inspect(id)
                    .thenCompose(sandbox -> connect(config, sandbox))
                    .thenApply(_ -> id)
                    .exceptionallyCompose(failure -> given(id, cause(failure))));
  }

  private CompletionStage<Attachment> connect(SandboxConfig config, ContainerInspection made) {
    return call(
            "connect sandbox of " + config.pod(), () -> network.add(made.id(), config, netns(made)))
        .exceptionallyCompose(failure -> refused(config, failure));
  }

  private static <T> CompletionStage<T> refused(SandboxConfig config, Throwable failure) {
    return CompletableFuture.failedStage(
        new EngineException.Refused(
            "networkPlugin cni failed to set up pod \"%s_%s\" network: %s"
                .formatted(
                    config.pod().name(), config.pod().namespace(), cause(failure).getMessage()),
            cause(failure)));
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
                    ? call("read network of " + id, () -> network.find(id))
                        .thenApply(
                            made -> made.map(a -> found.withIps(a.addresses())).orElse(found))
                    : CompletableFuture.completedStage(found));
  }

  @Override
  public CompletionStage<Void> stop(String id, Duration grace) {
    return disconnected(id).thenCompose(_ -> engine.stop(id, grace));
  }

  @Override
  public CompletionStage<Void> remove(String id) {
    return disconnected(id).thenCompose(_ -> engine.remove(id));
  }

  /** Nothing to do for what was never connected, as app containers. */
  private CompletionStage<Void> disconnected(String id) {
    return call("find network of " + id, () -> network.find(id))
        .thenCompose(
            made ->
                made.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : engine
                        .inspect(id)
                        .handle((found, failure) -> failure == null ? netns(found) : "")
                        .thenCompose(netns -> disconnect(id, netns)));
  }

  private CompletionStage<Void> disconnect(String id, String netns) {
    return call(
            "disconnect " + id,
            () -> {
              network.remove(id, netns);
              return (Void) null;
            })
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    new EngineException.Refused(
                        "networkPlugin cni failed to teardown sandbox %s network: %s"
                            .formatted(id, cause(failure).getMessage()),
                        cause(failure))));
  }

  /** Empty of one that does not run: its namespace is gone with its process. */
  private static String netns(ContainerInspection inspection) {
    return inspection.pid() == 0 ? "" : "/proc/" + inspection.pid() + "/ns/net";
  }

  @Override
  public CompletionStage<List<ContainerSummary>> list() {
    return engine
        .list()
        .thenApply(
            all -> {
              if (swept.compareAndSet(false, true)) {
                var _ = disconnectAllBut(all).thenCompose(_ -> check(all));
              }
              return all;
            });
  }

  private CompletionStage<Void> disconnectAllBut(List<ContainerSummary> all) {
    var known = new HashSet<String>();
    all.forEach(container -> known.add(container.id()));
    return call("find networks", network::connected)
        .thenAccept(
            ids ->
                ids.stream()
                    .filter(id -> !known.contains(id))
                    .forEach(
                        id ->
                            disconnect(id, "")
                                .whenComplete((_, f) -> warn(id + ", which is gone", f))));
  }

  /** One after the other: nobody waits for it. */
  private CompletionStage<Void> check(List<ContainerSummary> all) {
    CompletionStage<Void> checked = CompletableFuture.completedStage(null);
    for (var sandbox : all) {
      if (sandbox.type() == ContainerType.SANDBOX && sandbox.state() == ContainerState.RUNNING) {
        checked =
            checked
                .thenCompose(_ -> engine.inspect(sandbox.id()))
                .thenCompose(found -> call("check " + sandbox.pod(), () -> checked(found)))
                .handle(
                    (_, failure) -> {
                      warn(sandbox.id() + " of " + sandbox.pod(), failure);
                      return null;
                    });
      }
    }
    return checked;
  }

  private Void checked(ContainerInspection found) throws IOException, InterruptedException {
    var made = network.find(found.id());
    if (made.isPresent()) {
      network.check(made.get(), netns(found));
    }
    return null;
  }

  private static void warn(String whose, Throwable failure) {
    if (failure != null) {
      LOG.warn("network of {}: {}", whose, cause(failure).getMessage());
    }
  }

  private <T> CompletionStage<T> call(String what, Callable<T> call) {
    return calls.call(what, limit, call);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
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
