package dev.jkubelet.pod;

import dev.jkubelet.cgroup.PodCgroups;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Pod cgroups in memory. */
public final class FakeCgroups implements PodCgroups {
  private final Set<String> uids = ConcurrentHashMap.newKeySet();
  private final Map<String, Pod> made = new ConcurrentHashMap<>();
  private final Set<String> breaking = ConcurrentHashMap.newKeySet();

  /** A cgroup that nobody made in this test. */
  public void left(String podUid) {
    uids.add(podUid);
  }

  /** Whether that pod has a cgroup. */
  public boolean has(String podUid) {
    return uids.contains(podUid);
  }

  /** The limits of cpu and memory of the pod's first container, as the cgroup was last made. */
  List<String> limits(String podUid) {
    var limits = made.get(podUid).getSpec().getContainers().getFirst().getResources().getLimits();
    return List.of(limits.get("cpu").toString(), limits.get("memory").toString());
  }

  /** A bug: the next {@link #ensure} for that pod throws at its caller, once. */
  public void breakOnce(String podUid) {
    breaking.add(podUid);
  }

  @Override
  public CompletionStage<Void> start() {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<String> ensure(Pod pod) {
    var uid = pod.getMetadata().getUid();
    if (breaking.remove(uid)) {
      throw new IllegalStateException("a bug in the cgroups of " + uid);
    }
    uids.add(uid);
    made.put(uid, pod);
    return CompletableFuture.completedStage("/kubepods/pod" + uid);
  }

  @Override
  public CompletionStage<Void> remove(String podUid) {
    uids.remove(podUid);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<List<String>> podUids() {
    return CompletableFuture.completedStage(uids.stream().sorted().toList());
  }

  @Override
  public CompletionStage<Void> updateQos(Collection<Pod> active) {
    return CompletableFuture.completedStage(null);
  }
}
