package dev.jkubelet.runtime.cni;

import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is connected with the engine's lists. Sandboxes that are gone, be it that somebody
 * else removed them or that an agent crashed, are disconnected. Those that an agent finds at its
 * start are checked: that is told in the log and no more, as the kubelet never asks and a plugin in
 * doubt must not cost a pod its life. Nobody waits for either.
 */
final class NetworkSurvey {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkSurvey.class);

  private final SandboxNetworks networks;
  private final AtomicBoolean checked = new AtomicBoolean();
  private final Set<String> leaving = ConcurrentHashMap.newKeySet();

  NetworkSurvey(SandboxNetworks networks) {
    this.networks = networks;
  }

  /**
   * The engine's list.
   *
   * @param list is asked for once it is known what is connected: a sandbox is there before it is
   */
  CompletionStage<List<ContainerSummary>> of(
      Supplier<CompletionStage<List<ContainerSummary>>> list) {
    return networks
        .connected()
        .exceptionally(
            failure -> {
              LOG.warn("networks of sandboxes: {}", failure.toString());
              return List.of();
            })
        .thenCompose(connected -> list.get().thenApply(all -> compared(all, connected)));
  }

  private List<ContainerSummary> compared(List<ContainerSummary> all, List<String> connected) {
    var there = all.stream().map(ContainerSummary::id).collect(Collectors.toSet());
    connected.stream().filter(id -> !there.contains(id)).filter(leaving::add).forEach(this::leave);
    if (checked.compareAndSet(false, true)) {
      check(all);
    }
    return all;
  }

  private void leave(String id) {
    networks
        .disconnect(id)
        .whenComplete(
            (_, failure) -> {
              leaving.remove(id);
              warn(id + ", which is gone", failure);
            });
  }

  /** One after the other. */
  private void check(List<ContainerSummary> all) {
    CompletionStage<Void> before = CompletableFuture.completedStage(null);
    for (var sandbox : all) {
      if (sandbox.type() == ContainerType.SANDBOX && sandbox.state() == ContainerState.RUNNING) {
        before =
            before
                .thenCompose(_ -> networks.check(sandbox.id()))
                .handle(
                    (_, failure) -> {
                      warn(sandbox.id() + " of " + sandbox.pod(), failure);
                      return null;
                    });
      }
    }
  }

  private static void warn(String whose, Throwable failure) {
    if (failure != null) {
      LOG.warn("network of {}: {}", whose, SandboxNetworks.cause(failure).getMessage());
    }
  }
}
