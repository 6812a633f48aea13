package dev.jkubelet.cgroup;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pods with nothing but resources; amounts as in {@code cpu=100m memory=2Gi}. */
final class TestPods {
  private TestPods() {}

  static Pod pod(String uid, Container... containers) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("web")
        .withNamespace("default")
        .withUid(uid)
        .endMetadata()
        .withNewSpec()
        .withContainers(containers)
        .endSpec()
        .build();
  }

  static Container container(String requests, String limits) {
    return new ContainerBuilder()
        .withName("main")
        .withNewResources()
        .withRequests(amounts(requests))
        .withLimits(amounts(limits))
        .endResources()
        .build();
  }

  static Map<String, Quantity> amounts(String text) {
    return Stream.of(text.split(" "))
        .filter(pair -> !pair.isEmpty())
        .map(pair -> pair.split("="))
        .collect(Collectors.toMap(pair -> pair[0], pair -> new Quantity(pair[1])));
  }
}
