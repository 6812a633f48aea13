package dev.jkubelet.node.status;

import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pods and what is said of them. */
final class Statuses {
  static final String UID = "u-1";

  private Statuses() {}

  /** As the API server has it, with the scheduler's condition. */
  static Pod pod(String name, String uid, String version, PodStatus status) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("demo")
        .withName(name)
        .withUid(uid)
        .withResourceVersion(version)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("main")
        .endContainer()
        .endSpec()
        .withStatus(status)
        .build();
  }

  static PodStatus scheduled() {
    return new PodStatusBuilder()
        .withPhase("Pending")
        .withQosClass("BestEffort")
        .addNewCondition()
        .withType("PodScheduled")
        .withStatus("True")
        .withLastTransitionTime("2026-11-23T11:59:59Z")
        .endCondition()
        .build();
  }

  static PodStatus pending() {
    return status("Pending", "False", "2026-11-23T12:00:00Z").build();
  }

  static PodStatus running() {
    return status("Running", "True", "2026-11-23T12:00:02Z")
        .addNewContainerStatus()
        .withName("main")
        .withContainerID("docker://1")
        .withReady(true)
        .endContainerStatus()
        .build();
  }

  static PodStatusBuilder status(String phase, String ready, String since) {
    var status =
        new PodStatusBuilder()
            .withPhase(phase)
            .withQosClass("BestEffort")
            .withStartTime("2026-11-23T12:00:00Z");
    for (var type : List.of("Initialized", "Ready", "ContainersReady", "PodScheduled")) {
      status
          .addNewCondition()
          .withType(type)
          .withStatus(type.endsWith("Ready") ? ready : "True")
          .withLastTransitionTime(since)
          .endCondition();
    }
    return status;
  }

  /** All containers have been looked at. */
  static PodSnapshot observed(Pod pod, PodStatus status) {
    return new PodSnapshot(
        new PodBuilder(pod).withStatus(status).build(),
        Map.of("main", new ContainerSnapshot("main", Optional.empty(), Optional.empty())));
  }

  static PodSnapshot unobserved(Pod pod, PodStatus status) {
    return new PodSnapshot(new PodBuilder(pod).withStatus(status).build(), Map.of());
  }
}
