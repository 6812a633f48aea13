package dev.jkubelet.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jkubelet.model.ContainerHash;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the kubelet notes on a container, so that it and others know what to do with it when its
 * pod's manifest is gone.
 */
final class ContainerLabels {
  private static final String CONTAINER = "annotation.io.kubernetes.container.";
  private static final String POD = "annotation.io.kubernetes.pod.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private ContainerLabels() {}

  static Map<String, String> of(Pod pod, Container container, int restartCount) {
    var labels = new TreeMap<String, String>();
    labels.put(CONTAINER + "hash", ContainerHash.of(container));
    labels.put(CONTAINER + "restartCount", Integer.toString(restartCount));
    labels.put(
        CONTAINER + "terminationMessagePath", orEmpty(container.getTerminationMessagePath()));
    labels.put(
        CONTAINER + "terminationMessagePolicy", orEmpty(container.getTerminationMessagePolicy()));
    Optional.ofNullable(pod.getMetadata().getDeletionGracePeriodSeconds())
        .ifPresent(seconds -> labels.put(POD + "deletionGracePeriod", seconds.toString()));
    Optional.ofNullable(pod.getSpec().getTerminationGracePeriodSeconds())
        .ifPresent(seconds -> labels.put(POD + "terminationGracePeriod", seconds.toString()));
    Optional.ofNullable(container.getLifecycle())
        .map(Lifecycle::getPreStop)
        .ifPresent(hook -> labels.put(CONTAINER + "preStopHandler", json(hook)));
    Optional.ofNullable(container.getPorts())
        .filter(ports -> !ports.isEmpty())
        .ifPresent(ports -> labels.put(CONTAINER + "ports", json(ports(ports))));
    return Map.copyOf(labels);
  }

  private static List<ObjectNode> ports(List<ContainerPort> ports) {
    return ports.stream().map(ContainerLabels::port).toList();
  }

  /** The fields in the order of the API's Go type. */
  private static ObjectNode port(ContainerPort port) {
    var node = JSON.createObjectNode();
    if (!orEmpty(port.getName()).isEmpty()) {
      node.put("name", port.getName());
    }
    if (port.getHostPort() != null && port.getHostPort() != 0) {
      node.put("hostPort", port.getHostPort());
    }
    node.put("containerPort", port.getContainerPort());
    if (!orEmpty(port.getProtocol()).isEmpty()) {
      node.put("protocol", port.getProtocol());
    }
    if (!orEmpty(port.getHostIP()).isEmpty()) {
      node.put("hostIP", port.getHostIP());
    }
    return node;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
