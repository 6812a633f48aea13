package dev.jkubelet.volume;

import dev.jkubelet.model.Allocatable;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;

/** Pods for these tests. */
final class Pods {
  static final String UID = "a7af8e1e73df28a9daaeefcd1f2a5842";

  static final Allocatable ALLOCATABLE = new Allocatable(2000, 8L << 30, 100L << 30);

  private Pods() {}

  static PodBuilder web() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("golden")
        .withName("web-golden-node")
        .withUid(UID)
        .endMetadata()
        .withNewSpec()
        .endSpec();
  }

  static Pod with(Volume... volumes) {
    return web().editSpec().withVolumes(volumes).endSpec().build();
  }
}
