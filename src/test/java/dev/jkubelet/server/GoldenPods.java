package dev.jkubelet.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The pods of the reference node as its kubelet wrote them. */
final class GoldenPods {
  private GoldenPods() {}

  static String text(String file) {
    try (var in = GoldenPods.class.getResourceAsStream("/golden/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<PodSnapshot> snapshots() {
    try {
      return new ObjectMapper()
          .readValue(text("pods.json"), PodList.class).getItems().stream()
              .map(GoldenPods::snapshot)
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PodSnapshot snapshot(String pod) {
    return snapshots().stream()
        .filter(snapshot -> snapshot.pod().getMetadata().getName().equals(pod))
        .findFirst()
        .orElseThrow();
  }

  static PodSnapshot snapshot(Pod pod) {
    var containers = new LinkedHashMap<String, ContainerSnapshot>();
    Stream.concat(
            pod.getStatus().getInitContainerStatuses().stream(),
            pod.getStatus().getContainerStatuses().stream())
        .forEach(status -> containers.put(status.getName(), container(status)));
    return new PodSnapshot(pod, containers);
  }

  private static ContainerSnapshot container(ContainerStatus status) {
    return new ContainerSnapshot(
        status.getName(),
        Optional.ofNullable(status.getContainerID()).map(id -> instance(status, id)),
        Optional.ofNullable(status.getLastState())
            .map(ContainerState::getTerminated)
            .map(terminated -> instance(status, terminated.getContainerID())));
  }

  /** Its log is named after the container, so that a test knows whose is read. */
  private static ContainerSnapshot.Instance instance(ContainerStatus status, String id) {
    return new ContainerSnapshot.Instance(
        id.replace("docker://", ""),
        status.getImageID().replace("docker://", ""),
        status.getState().getRunning() != null,
        Optional.of(Path.of("/logs-of", status.getName())),
        1);
  }
}
