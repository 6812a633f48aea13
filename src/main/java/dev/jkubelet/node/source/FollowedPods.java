package dev.jkubelet.node.source;

import dev.jkubelet.cluster.Follower;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The newest set of the API server's pods, however fast it changes: whoever takes it is told once
 * that there is news, and not again before it came and took it. Safe to share.
 */
final class FollowedPods implements Follower<Pod> {
  private final Runnable news;
  private final Follower<Pod> next;
  private final Map<String, Pod> byName = new LinkedHashMap<>();
  private boolean spoken;
  private boolean announced;

  /**
   * @param news called for the first change after each {@link #take}
   * @param next hears all there is to hear as well, in the same order
   */
  FollowedPods(Runnable news, Follower<Pod> next) {
    this.news = news;
    this.next = next;
  }

  @Override
  public void listed(List<Pod> all) {
    synchronized (this) {
      byName.clear();
      all.forEach(pod -> byName.put(name(pod), pod));
      spoken = true;
    }
    announce();
    next.listed(all);
  }

  @Override
  public void changed(Pod pod) {
    synchronized (this) {
      byName.put(name(pod), pod);
    }
    announce();
    next.changed(pod);
  }

  /** Its name may be another pod's by now. */
  @Override
  public void deleted(Pod pod) {
    synchronized (this) {
      byName.computeIfPresent(name(pod), (_, known) -> uid(known).equals(uid(pod)) ? null : known);
    }
    announce();
    next.deleted(pod);
  }

  /** Empty before the API server has told of all. */
  synchronized Optional<List<Pod>> take() {
    announced = false;
    return spoken ? Optional.of(List.copyOf(byName.values())) : Optional.empty();
  }

  private void announce() {
    synchronized (this) {
      if (announced) {
        return;
      }
      announced = true;
    }
    news.run();
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
  }

  private static String uid(Pod pod) {
    return pod.getMetadata().getUid();
  }
}
