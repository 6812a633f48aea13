package dev.jkubelet.cgroup;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * {@code --cgroups-per-qos=false}: no cgroups but the engine's.
 *
 * @param cgroupRoot the engine's parent for every container; the root, or empty, for its own
 *     default
 */
record EngineCgroups(String cgroupRoot) implements PodCgroups {
  @Override
  public CompletionStage<Void> start() {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<String> ensure(Pod pod) {
    return CompletableFuture.completedStage(cgroupRoot.equals("/") ? "" : cgroupRoot);
  }

  @Override
  public CompletionStage<Void> remove(String podUid) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<List<String>> podUids() {
    return CompletableFuture.completedStage(List.of());
  }

  @Override
  public CompletionStage<Void> updateQos(Collection<Pod> active) {
    return CompletableFuture.completedStage(null);
  }
}
