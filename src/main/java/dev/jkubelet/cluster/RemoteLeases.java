package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.concurrent.CompletionStage;

record RemoteLeases(ApiCalls calls) implements LeasesApi {
  private static final String NAMESPACE = "kube-node-lease";

  @Override
  public CompletionStage<Lease> get(String name) {
    return calls.call(ApiRequest.get(path(name)), Lease.class);
  }

  @Override
  public CompletionStage<Lease> create(Lease lease) {
    return calls.call(
        ApiRequest.post(ApiPath.of(Lease.class, NAMESPACE), calls.written(lease)), Lease.class);
  }

  @Override
  public CompletionStage<Lease> replace(Lease lease) {
    return calls.call(
        ApiRequest.put(path(lease.getMetadata().getName()), calls.written(lease)), Lease.class);
  }

  private static String path(String name) {
    return ApiPath.of(Lease.class, NAMESPACE, name);
  }
}
