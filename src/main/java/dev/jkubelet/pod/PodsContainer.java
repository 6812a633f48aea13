package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;

/** A container of a pod, with what it takes to work on it. */
record PodsContainer(Pod pod, Container container, PodServices services) {
  String name() {
    return container.getName();
  }

  String podUid() {
    return pod.getMetadata().getUid();
  }

  Instant now() {
    return services.clock().instant();
  }

  void record(String type, String reason, String message) {
    services.events().record(pod, name(), type, reason, message);
  }
}
