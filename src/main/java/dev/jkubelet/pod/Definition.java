package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.hash.ContainerHash;
import io.fabric8.kubernetes.api.model.Container;
import java.util.Map;
import java.util.Optional;

/**
 * By what is told whether a container was made from the spec that is wanted now.
 *
 * @param whole the spec's hash
 * @param withoutResources that of all but the resources, of a container that may be resized
 */
record Definition(String whole, Optional<String> withoutResources) {
  static Definition of(Container spec) {
    return new Definition(
        ContainerHash.of(spec),
        PodContainers.isResizable(spec)
            ? Optional.of(ContainerHash.withoutResources(spec))
            : Optional.empty());
  }

  /** Whether a container with these labels was made from it; of one that has none nobody knows. */
  boolean made(Map<String, String> labels) {
    var lasting = labels.get(ContainerLabels.HASH_WITHOUT_RESOURCES);
    boolean comparable = withoutResources.isPresent() && lasting != null;
    return comparable
        ? withoutResources.orElseThrow().equals(lasting)
        : whole.equals(labels.getOrDefault(ContainerLabels.HASH, whole));
  }
}
