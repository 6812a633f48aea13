package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A pod's containers and what they ask for, where the manifest may have left any of it out. */
public final class PodContainers {
  private PodContainers() {}

  /** In the order they run. */
  public static List<Container> inits(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getInitContainers()).orElse(List.of());
  }

  /** Those that have to end before the next begins. */
  public static List<Container> onceInits(Pod pod) {
    return inits(pod).stream().filter(container -> !isSidecar(container)).toList();
  }

  /** Those that begin among the init containers, and go on beside the app containers. */
  public static List<Container> sidecars(Pod pod) {
    return inits(pod).stream().filter(PodContainers::isSidecar).toList();
  }

  /** Whether an init container is a sidecar. */
  public static boolean isSidecar(Container init) {
    return "Always".equals(init.getRestartPolicy());
  }

  /** Those that are to run as long as the pod does: sidecars first. */
  public static List<Container> lasting(Pod pod) {
    return Stream.concat(sidecars(pod).stream(), apps(pod).stream()).toList();
  }

  /** Those that run side by side. */
  public static List<Container> apps(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getContainers()).orElse(List.of());
  }

  /** Init containers first. */
  public static Stream<Container> all(Pod pod) {
    return Stream.concat(inits(pod).stream(), apps(pod).stream());
  }

  /** What the container asks for; null, which counts as zero, when it does not say. */
  public static Quantity request(Container container, String resource) {
    return resources(container)
        .map(ResourceRequirements::getRequests)
        .orElse(Map.of())
        .get(resource);
  }

  /** What the container may use at most; null, which counts as zero, when it does not say. */
  public static Quantity limit(Container container, String resource) {
    return resources(container).map(ResourceRequirements::getLimits).orElse(Map.of()).get(resource);
  }

  private static Optional<ResourceRequirements> resources(Container container) {
    return Optional.ofNullable(container.getResources());
  }
}
