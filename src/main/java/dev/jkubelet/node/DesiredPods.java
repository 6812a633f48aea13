package dev.jkubelet.node;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each source wants, the last time it spoke. */
final class DesiredPods {
  private final Set<String> silent;
  private final Map<String, List<Pod>> bySource = new HashMap<>();

  /**
   * @param sources the names of those that will speak
   */
  DesiredPods(Set<String> sources) {
    this.silent = new HashSet<>(sources);
  }

  /** True when this was the last source that had not spoken yet. */
  boolean set(String source, List<Pod> pods) {
    bySource.put(source, pods);
    return silent.remove(source) && silent.isEmpty();
  }

  /** Whether it is known what is not wanted. */
  boolean complete() {
    return silent.isEmpty();
  }

  /** No UID twice: the first wins. */
  Collection<Pod> all() {
    var all = new LinkedHashMap<String, Pod>();
    bySource.values().stream()
        .flatMap(List::stream)
        .forEach(pod -> all.putIfAbsent(pod.getMetadata().getUid(), pod));
    return all.values();
  }
}
