package dev.jkubelet.node.registration;

import dev.jkubelet.cluster.NodesApi;
import dev.jkubelet.cluster.RetryDelay;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is done to the Node object, each a chain of calls that ends with one answer. */
record NodeCalls(NodeSettings settings, NodesApi nodes, NodeFacts.Source facts, Clock clock) {

  /**
   * How a call ended.
   *
   * @param written when the status was; empty when nothing had to be
   * @param rebooted the machine has another boot than the node had
   * @param changes reasons of the events that tell of it
   */
  record Outcome(Node node, Optional<Instant> written, boolean rebooted, List<String> changes) {}

  /** Makes the node, or puts an existing one's labels and annotation right. */
  CompletionStage<Outcome> register(NodeStatuses.Condition condition) {
    return facts
        .look()
        .thenCompose(
            seen -> {
              var now = clock.instant();
              var first = NodeStatuses.of(settings, seen, null, condition, now);
              return nodes
                  .create(NodeObject.initial(settings, first.status()))
                  .thenApply(node -> new Outcome(node, Optional.of(now), false, first.changes()));
            })
        .exceptionallyCompose(
            failure ->
                RetryDelay.ofFailure(failure).alreadyExists()
                    ? nodes.get(settings.name()).thenCompose(this::reconcile)
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<Outcome> reconcile(Node existing) {
    return NodeObject.reconciling(settings, existing)
        .map(patch -> nodes.patch(settings.name(), patch))
        .orElseGet(() -> CompletableFuture.completedStage(existing))
        .thenApply(node -> new Outcome(node, Optional.empty(), false, List.of()));
  }

  /**
   * Compares what the API server has with what is the case, and writes what is different.
   *
   * @param anyway write though nothing but the heartbeat changed
   */
  CompletionStage<Outcome> report(NodeStatuses.Condition condition, boolean anyway) {
    return facts
        .look()
        .thenCompose(
            seen -> nodes.get(settings.name()).thenCompose(n -> write(n, seen, condition, anyway)));
  }

  private CompletionStage<Outcome> write(
      Node node, NodeFacts seen, NodeStatuses.Condition condition, boolean anyway) {
    var before = node.getStatus();
    var now = clock.instant();
    var after = NodeStatuses.of(settings, seen, before, condition, now);
    if (!anyway && !NodeStatusPatch.changes(before, after.status())) {
      return CompletableFuture.completedStage(
          new Outcome(node, Optional.empty(), false, List.of()));
    }
    return nodes
        .patchStatus(settings.name(), NodeStatusPatch.of(before, after.status()))
        .thenApply(
            written ->
                new Outcome(written, Optional.of(now), rebooted(node, seen), after.changes()));
  }

  private static boolean rebooted(Node node, NodeFacts seen) {
    return Optional.ofNullable(node.getStatus())
        .map(status -> status.getNodeInfo())
        .map(info -> info.getBootID())
        .filter(boot -> !boot.isEmpty() && !boot.equals(seen.machine().bootId()))
        .isPresent();
  }
}
