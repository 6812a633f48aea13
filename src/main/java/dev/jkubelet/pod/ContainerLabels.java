package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.hash.ContainerHash;
import dev.jkubelet.model.json.GoJson;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the kubelet notes on a container, so that it and others know what to do with it when its
 * pod's manifest is gone.
 */
final class ContainerLabels {
  private static final String CONTAINER = "annotation.io.kubernetes.container.";

  /** Of the spec the container was made from. */
  static final String HASH = CONTAINER + "hash";

  /** The same for all but its resources; only of one that may be resized. */
  static final String HASH_WITHOUT_RESOURCES = CONTAINER + "hashWithoutResources";

  /** Where the last words of a container come from. */
  static final String MESSAGE_POLICY = CONTAINER + "terminationMessagePolicy";

  private static final String POD = "annotation.io.kubernetes.pod.";

  private ContainerLabels() {}

  static Map<String, String> of(Pod pod, Container container, int restartCount) {
    var labels = new TreeMap<String, String>();
    labels.put(HASH, ContainerHash.of(container));
    if (PodContainers.isResizable(container)) {
      labels.put(HASH_WITHOUT_RESOURCES, ContainerHash.withoutResources(container));
    }
    labels.put(CONTAINER + "restartCount", Integer.toString(restartCount));
    labels.put(
        CONTAINER + "terminationMessagePath", orEmpty(container.getTerminationMessagePath()));
    labels.put(MESSAGE_POLICY, orEmpty(container.getTerminationMessagePolicy()));
    Optional.ofNullable(pod.getMetadata().getDeletionGracePeriodSeconds())
        .ifPresent(seconds -> labels.put(POD + "deletionGracePeriod", seconds.toString()));
    Optional.ofNullable(pod.getSpec().getTerminationGracePeriodSeconds())
        .ifPresent(seconds -> labels.put(POD + "terminationGracePeriod", seconds.toString()));
    Optional.ofNullable(container.getLifecycle())
        .map(Lifecycle::getPreStop)
        .ifPresent(hook -> labels.put(CONTAINER + "preStopHandler", json(hook)));
    Optional.ofNullable(container.getPorts())
        .filter(ports -> !ports.isEmpty())
        .ifPresent(ports -> labels.put(CONTAINER + "ports", json(ports)));
    return Map.copyOf(labels);
  }

  private static String json(Object value) {
    return new String(GoJson.bytes(value), StandardCharsets.UTF_8);
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
