package dev.jkubelet.node.registration;

import dev.jkubelet.cluster.LeasesApi;
import dev.jkubelet.cluster.NodesApi;
import dev.jkubelet.cluster.RetryDelay;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is done to the node's lease. */
record LeaseCalls(
    String nodeName, Duration duration, LeasesApi leases, NodesApi nodes, Clock clock) {
  /** The lease as it is; {@code made} by this very call, and so fresh. */
  record Ensured(Lease lease, boolean made) {}

  /** Finds it, or makes it, which takes a node to own it. */
  CompletionStage<Ensured> ensure() {
    return leases
        .get(nodeName)
        .thenApply(lease -> new Ensured(lease, false))
        .exceptionallyCompose(
            failure ->
                RetryDelay.ofFailure(failure).notFound()
                    ? make()
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<Ensured> make() {
    return nodes
        .get(nodeName)
        .thenCompose(
            node ->
                leases.create(
                    new LeaseBuilder()
                        .withNewMetadata()
                        .withName(nodeName)
                        .withNamespace("kube-node-lease")
                        .withOwnerReferences(owner(node))
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity(nodeName)
                        .withLeaseDurationSeconds(Math.toIntExact(duration.toSeconds()))
                        .withRenewTime(now())
                        .endSpec()
                        .build()))
        .thenApply(lease -> new Ensured(lease, true));
  }

  /** One that belongs to nobody is given its owner, if the node can be asked. */
  CompletionStage<Lease> renew(Lease lease) {
    var owners = lease.getMetadata().getOwnerReferences();
    if (owners != null && !owners.isEmpty()) {
      return leases.replace(renewed(lease, owners));
    }
    return nodes
        .get(nodeName)
        .handle(
            (node, failure) -> failure == null ? List.of(owner(node)) : List.<OwnerReference>of())
        .thenCompose(found -> leases.replace(renewed(lease, found)));
  }

  private Lease renewed(Lease lease, List<OwnerReference> owners) {
    return new LeaseBuilder(lease)
        .editMetadata()
        .withOwnerReferences(owners)
        .endMetadata()
        .editOrNewSpec()
        .withRenewTime(now())
        .endSpec()
        .build();
  }

  private static OwnerReference owner(Node node) {
    return new OwnerReferenceBuilder()
        .withApiVersion("v1")
        .withKind("Node")
        .withName(node.getMetadata().getName())
        .withUid(node.getMetadata().getUid())
        .build();
  }

  private ZonedDateTime now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
  }
}
