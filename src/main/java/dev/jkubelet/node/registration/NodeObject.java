package dev.jkubelet.node.registration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The Node object as it is made, and what of an existing one is ours to put right. */
final class NodeObject {
  private static final String ATTACH_DETACH =
      "volumes.kubernetes.io/controller-managed-attach-detach";
  private static final String KEEP_VOLUMES = "volumes.kubernetes.io/keep-terminated-pod-volumes";
  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

  /** Labels of an existing node that the kubelet sees to; other ones of ours are given once. */
  private static final List<String> KEPT_LABELS =
      List.of(
          "kubernetes.io/hostname",
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region",
          "node.kubernetes.io/instance-type",
          "beta.kubernetes.io/instance-type",
          "kubernetes.io/os",
          "kubernetes.io/arch",
          "beta.kubernetes.io/os",
          "beta.kubernetes.io/arch");

  private NodeObject() {}

  /** A node that nobody has made yet. */
  static Node initial(NodeSettings settings, NodeStatus status) {
    var registration = settings.registration();
    var annotations = new TreeMap<String, String>();
    if (registration.controllerAttachDetach()) {
      annotations.put(ATTACH_DETACH, "true");
    }
    if (registration.keepTerminatedPodVolumes()) {
      annotations.put(KEEP_VOLUMES, "true");
    }
    return new NodeBuilder()
        .withNewMetadata()
        .withName(settings.name())
        .withLabels(labels(settings))
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withUnschedulable(registration.schedulable() ? null : true)
        .withTaints(taints(registration))
        .withProviderID(registration.providerId().orElse(null))
        .endSpec()
        .withStatus(status)
        .build();
  }

  /** The patch that puts right an existing node's labels and annotation; empty when they are. */
  static Optional<String> reconciling(NodeSettings settings, Node existing) {
    var metadata = JsonNodeFactory.instance.objectNode();
    var ours = labels(settings);
    var theirs = orEmpty(existing.getMetadata().getLabels());
    for (var label : KEPT_LABELS) {
      var value = ours.get(label);
      if (value != null && !value.equals(theirs.getOrDefault(label, ""))) {
        put(metadata, "labels", label, value.isEmpty() ? null : value);
      }
    }
    var attachDetach = settings.registration().controllerAttachDetach() ? "true" : null;
    var told = orEmpty(existing.getMetadata().getAnnotations()).get(ATTACH_DETACH);
    if (!Objects.equals(attachDetach, told)) {
      put(metadata, "annotations", ATTACH_DETACH, attachDetach);
    }
    return metadata.isEmpty()
        ? Optional.empty()
        : Optional.of(JsonNodeFactory.instance.objectNode().set("metadata", metadata).toString());
  }

  private static void put(ObjectNode metadata, String map, String name, String value) {
    metadata.withObject("/" + map).put(name, value);
  }

  private static Map<String, String> labels(NodeSettings settings) {
    return NodeLabels.of(settings.name(), settings.registration().labels());
  }

  /** A node that takes no pods says so from its first moment, not only once a controller looks. */
  private static List<Taint> taints(NodeSettings.Registration registration) {
    var taints = new ArrayList<>(registration.taints());
    if (!registration.schedulable()
        && taints.stream()
            .noneMatch(
                t -> t.getKey().equals(UNSCHEDULABLE) && t.getEffect().equals("NoSchedule"))) {
      taints.add(new TaintBuilder().withKey(UNSCHEDULABLE).withEffect("NoSchedule").build());
    }
    return taints;
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
