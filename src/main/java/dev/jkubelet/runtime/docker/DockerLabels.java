package dev.jkubelet.runtime.docker;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.SandboxConfig;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The labels by which the kubelet, cAdvisor and log collectors know a pod's containers. */
final class DockerLabels {
  static final String TYPE = "io.kubernetes.docker.type";
  static final String POD_UID = "io.kubernetes.pod.uid";
  static final String SANDBOX_ID = "io.kubernetes.sandbox.id";
  static final String LOG_PATH = "io.kubernetes.container.logpath";
  static final String CONTAINER_NAME = "io.kubernetes.container.name";
  private static final String POD_NAME = "io.kubernetes.pod.name";
  private static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
  private static final String SANDBOX_TYPE = "podsandbox";
  private static final String CONTAINER_TYPE = "container";

  private DockerLabels() {}

  static Map<String, String> of(SandboxConfig config) {
    var labels = identity(config.labels(), config.pod(), DockerName.SANDBOX, SANDBOX_TYPE);
    return labels;
  }

  static Map<String, String> of(ContainerConfig config) {
    var labels = identity(config.labels(), config.pod(), config.name(), CONTAINER_TYPE);
    labels.put(LOG_PATH, config.logPath().toString());
    labels.put(SANDBOX_ID, config.sandboxId());
    return labels;
  }

  /** The pod's own labels can't pose as the identity: the identity is put last. */
  private static Map<String, String> identity(
      Map<String, String> own, PodKey pod, String container, String type) {
    var labels = new TreeMap<>(own);
    labels.put(TYPE, type);
    labels.put(CONTAINER_NAME, container);
    labels.put(POD_NAME, pod.name());
    labels.put(POD_NAMESPACE, pod.namespace());
    labels.put(POD_UID, pod.uid());
    return labels;
  }

  /** Empty when the label is missing or says something else. */
  static Optional<ContainerType> type(Map<String, String> labels) {
    return switch (labels.getOrDefault(TYPE, "")) {
      case SANDBOX_TYPE -> Optional.of(ContainerType.SANDBOX);
      case CONTAINER_TYPE -> Optional.of(ContainerType.CONTAINER);
      default -> Optional.empty();
    };
  }
}
