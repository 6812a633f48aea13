package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.concurrent.CompletionStage;

/** Leases of coordination.k8s.io/v1 in {@code kube-node-lease}. */
public interface LeasesApi {
  CompletionStage<Lease> get(String name);

  CompletionStage<Lease> create(Lease lease);

  /** Replaces the one of the same resource version; another one is a conflict. */
  CompletionStage<Lease> replace(Lease lease);
}
