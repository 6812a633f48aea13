package dev.jkubelet.stats;

import dev.jkubelet.cgroup.PodCgroups;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Times the work on cgroups under the kubelet's three methods. */
public record MeteredPodCgroups(PodCgroups cgroups, KubeletMetrics metrics) implements PodCgroups {
  @Override
  public CompletionStage<Void> start() {
    return timed("create", System.nanoTime(), cgroups.start());
  }

  @Override
  public CompletionStage<String> ensure(Pod pod) {
    return timed("create", System.nanoTime(), cgroups.ensure(pod));
  }

  @Override
  public CompletionStage<Void> remove(String podUid) {
    return timed("destroy", System.nanoTime(), cgroups.remove(podUid));
  }

  @Override
  public CompletionStage<List<String>> podUids() {
    return cgroups.podUids();
  }

  @Override
  public CompletionStage<Void> updateQos(Collection<Pod> active) {
    return timed("update", System.nanoTime(), cgroups.updateQos(active));
  }

  private <T> CompletionStage<T> timed(String type, long start, CompletionStage<T> stage) {
    return stage.whenComplete(
        (_, _) -> metrics.cgroupOperation(type, Duration.ofNanos(System.nanoTime() - start)));
  }
}
