package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;

/** Where the Kubernetes events of pods go. */
@FunctionalInterface
public interface PodEvents {
  /**
   * Something worth an operator's notice.
   *
   * @param type {@code Normal} or {@code Warning}
   * @param reason the kubelet's, such as {@code Pulled} or {@code BackOff}
   * @param container the container concerned, empty for the pod as a whole
   */
  void record(Pod pod, String container, String type, String reason, String message);

  /** The same of what a pod claims; nobody hears of it where there is no API server. */
  default void record(PersistentVolumeClaim claim, String type, String reason, String message) {}
}
