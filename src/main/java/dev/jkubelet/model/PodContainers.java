package dev.jkubelet.model;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A pod's containers and what they ask for, where the manifest may have left any of it out. */
public final class PodContainers {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private PodContainers() {}

  /** In the order they run. */
  public static List<Container> inits(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getInitContainers()).orElse(List.of());
  }

  /** Those that somebody put into the running pod to look around. */
  public static List<Container> ephemerals(Pod pod) {
    return ephemeral(pod).map(PodContainers::plain).toList();
  }

  private static Stream<EphemeralContainer> ephemeral(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getEphemeralContainers()).orElse(List.of()).stream();
  }

  /** The container whose processes the ephemeral one of that name is to see. */
  public static Optional<String> target(Pod pod, String ephemeral) {
    return ephemeral(pod)
        .filter(container -> container.getName().equals(ephemeral))
        .flatMap(container -> Stream.ofNullable(container.getTargetContainerName()))
        .filter(target -> !target.isEmpty())
        .findFirst();
  }

  /** An ephemeral container has the fields of any other, and its target. */
  private static Container plain(EphemeralContainer ephemeral) {
    var fields = MAPPER.<Map<String, Object>>convertValue(ephemeral, FIELDS);
    fields.remove("targetContainerName");
    return MAPPER.convertValue(fields, Container.class);
  }

  /** All there are. */
  public static Stream<Container> everyone(Pod pod) {
    return Stream.concat(all(pod), ephemerals(pod).stream());
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

  /** Init containers first; without ephemeral ones, which ask for nothing. */
  public static Stream<Container> all(Pod pod) {
    return Stream.concat(inits(pod).stream(), apps(pod).stream());
  }

  /**
   * Whether its resources may change while it runs. API servers that allow it (1.27 and later, by
   * their feature gate) give each container a resizePolicy; those before let nobody change them.
   */
  public static boolean isResizable(Container container) {
    return container.getResizePolicy() != null && !container.getResizePolicy().isEmpty();
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
