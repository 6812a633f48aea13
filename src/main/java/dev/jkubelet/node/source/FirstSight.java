package dev.jkubelet.node.source;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;

/** When a pod was first seen is remembered as long as its UID stays. */
final class FirstSight {
  private FirstSight() {}

  /**
   * The pod with its moment; {@code last} itself if nothing has changed.
   *
   * @param last what was there before; null if nothing was
   */
  static Pod of(Pod pod, Pod last, Instant now) {
    if (last == null || !last.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
      return StaticPod.seen(pod, now);
    }
    var seen = last.getMetadata().getAnnotations().get(StaticPod.CONFIG_SEEN);
    pod.getMetadata().getAnnotations().put(StaticPod.CONFIG_SEEN, seen);
    return pod.equals(last) ? last : pod;
  }
}
