package dev.jkubelet.pod;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;

/** Pods of which only the traces are left. */
final class Orphans {
  private Orphans() {}

  /** A pod that wants nothing. */
  static Pod pod(PodKey key) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(key.namespace())
        .withName(key.name())
        .withUid(key.uid())
        .endMetadata()
        .withNewSpec()
        .withContainers(List.of())
        .endSpec()
        .build();
  }
}
