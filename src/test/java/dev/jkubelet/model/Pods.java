package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pods for tests, as the API server would send them. */
final class Pods {
  private Pods() {}

  static Pod of(Container... containers) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("web")
        .withNamespace("default")
        .withUid("u1")
        .endMetadata()
        .withNewSpec()
        .withContainers(containers)
        .endSpec()
        .build();
  }

  /** Amounts as in {@code cpu=1 memory=2Gi}. */
  static Container container(String requests, String limits) {
    return new ContainerBuilder()
        .withName("main")
        .withNewResources()
        .withRequests(amounts(requests))
        .withLimits(amounts(limits))
        .endResources()
        .build();
  }

  private static Map<String, Quantity> amounts(String text) {
    return Stream.of(text.split(" "))
        .filter(pair -> !pair.isEmpty())
        .map(pair -> pair.split("="))
        .collect(Collectors.toMap(pair -> pair[0], pair -> new Quantity(pair[1])));
  }
}
