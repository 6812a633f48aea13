package dev.jkubelet.runtime.cni;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.SandboxConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The network of an engine's sandboxes, for callers that don't wait. */
final class SandboxNetworks {
  private final ContainerRuntime engine;
  private final CniNetwork network;
  private final BlockingCalls calls;
  private final Duration limit;

  SandboxNetworks(ContainerRuntime engine, CniOptions options, BlockingCalls calls) {
    this.engine = engine;
    this.network = new CniNetwork(options);
    this.calls = calls;
    this.limit = options.limit().multipliedBy(2);
  }

  /** Fails when the pod can't be connected, as far as that is known without trying. */
  CompletionStage<NetworkList> find(SandboxConfig config) {
    return call("find a network for " + config.pod(), network::configured)
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    new EngineException.NetworkNotReady(
                        CniOptions.NOT_READY + ": " + cause(failure).getMessage(),
                        cause(failure))));
  }

  CompletionStage<Attachment> connect(SandboxConfig config, String id) {
    return engine
        .inspect(id)
        .thenCompose(
            made ->
                call(
                        "connect sandbox of " + config.pod(),
                        () -> network.add(id, config, netns(made)))
                    .exceptionallyCompose(failure -> refused(setUp(config), failure)));
  }

  private static String setUp(SandboxConfig config) {
    return "set up pod \"%s_%s\" network".formatted(config.pod().name(), config.pod().namespace());
  }

  /** Nothing to do for what was never connected, as app containers. */
  CompletionStage<Void> disconnect(String id) {
    return attachment(id)
        .thenCompose(
            made ->
                made.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : engine
                        .inspect(id)
                        .thenApply(SandboxNetworks::netns)
                        .exceptionallyCompose(SandboxNetworks::gone)
                        .thenCompose(netns -> disconnect(made.get(), netns)));
  }

  /** Only a sandbox that is not there has surely no namespace. */
  private static CompletionStage<String> gone(Throwable failure) {
    return cause(failure) instanceof EngineException.NotFound
        ? CompletableFuture.completedStage("")
        : CompletableFuture.failedStage(failure);
  }

  private CompletionStage<Void> disconnect(Attachment made, String netns) {
    return call(
            "disconnect " + made.container(),
            () -> {
              network.remove(made, netns);
              return (Void) null;
            })
        .exceptionallyCompose(
            failure -> refused("teardown sandbox " + made.container() + " network", failure));
  }

  /** The same sandbox with its addresses; none when nobody connected it. */
  CompletionStage<ContainerInspection> addressed(ContainerInspection found) {
    return attachment(found.id())
        .thenApply(made -> made.map(a -> found.withIps(a.addresses())).orElse(found));
  }

  /** Fails when a sandbox is not connected as it was at first; nothing is done about it. */
  CompletionStage<Void> check(String id) {
    return engine
        .inspect(id)
        .thenCombine(
            attachment(id),
            (found, made) ->
                made.filter(Attachment::isMade).isEmpty()
                    ? CompletableFuture.<Void>completedStage(null)
                    : call(
                        "check network of " + id,
                        () -> {
                          network.check(made.get(), netns(found));
                          return (Void) null;
                        }))
        .thenCompose(checked -> checked);
  }

  /** Of all sandboxes that are connected as far as anybody knows, be they gone; others', too. */
  CompletionStage<List<String>> connected() {
    return call("find networks", network::connected);
  }

  private CompletionStage<Optional<Attachment>> attachment(String id) {
    return call("find network of " + id, () -> network.find(id));
  }

  /** Empty of one that does not run: its namespace is gone with its process. */
  private static String netns(ContainerInspection inspection) {
    return inspection.pid() == 0 ? "" : "/proc/" + inspection.pid() + "/ns/net";
  }

  private <T> CompletionStage<T> call(String what, Callable<T> call) {
    return calls.call(what, limit, call);
  }

  private static <T> CompletionStage<T> refused(String what, Throwable failure) {
    return CompletableFuture.failedStage(
        new EngineException.Refused(
            "networkPlugin cni failed to %s: %s".formatted(what, cause(failure).getMessage()),
            cause(failure)));
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
