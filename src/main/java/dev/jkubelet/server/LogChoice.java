package dev.jkubelet.server;

import dev.jkubelet.pod.ContainerSnapshot.Instance;
import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whose log is meant: the kubelet's choice by the container's status (validateContainerLogStatus),
 * with its texts.
 */
sealed interface LogChoice {
  /** This container's. */
  record Read(Instance instance) implements LogChoice {}

  /** None yet, or none any more. */
  record Refused(String reason) implements LogChoice {}

  static LogChoice of(PodSnapshot snapshot, String container, boolean previous) {
    var pod = snapshot.pod().getMetadata().getName();
    var named = "container " + GoQuote.quote(container) + " in pod " + GoQuote.quote(pod);
    var status = status(snapshot.pod(), container);
    if (status.isEmpty()) {
      return new Refused(named + " is not available");
    }
    var last = Optional.ofNullable(status.get().getLastState()).map(ContainerState::getTerminated);
    if (previous) {
      return last.flatMap(LogChoice::idOf)
          .map(id -> find(snapshot, container, id))
          .orElseGet(() -> new Refused("previous terminated " + named + " not found"));
    }
    var state = Optional.ofNullable(status.get().getState()).orElseGet(ContainerState::new);
    if (state.getRunning() != null) {
      return find(snapshot, container, status.get().getContainerID());
    }
    if (state.getTerminated() != null || last.isPresent()) {
      return Optional.ofNullable(state.getTerminated())
          .flatMap(LogChoice::idOf)
          .or(() -> last.flatMap(LogChoice::idOf))
          .map(id -> find(snapshot, container, id))
          .orElseGet(() -> new Refused(named + " is terminated"));
    }
    return new Refused(
        named
            + " is waiting to start"
            + (state.getWaiting() == null
                ? " - no logs yet"
                : ": " + waiting(state.getWaiting().getReason())));
  }

  private static String waiting(String reason) {
    return switch (reason) {
      case null -> "";
      case "ErrImagePull" -> "image can't be pulled";
      case "ImagePullBackOff" -> "trying and failing to pull image";
      case String other -> other;
    };
  }

  private static Optional<ContainerStatus> status(Pod pod, String container) {
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(
            status ->
                Stream.of(
                        status.getContainerStatuses(),
                        status.getInitContainerStatuses(),
                        status.getEphemeralContainerStatuses())
                    .flatMap(statuses -> statuses.stream()))
        .filter(status -> status.getName().equals(container))
        .findFirst();
  }

  private static Optional<String> idOf(ContainerStateTerminated terminated) {
    return Optional.ofNullable(terminated.getContainerID()).filter(id -> !id.isEmpty());
  }

  /** The engine's container of that id ({@code docker://…}), if the engine still has it. */
  private static LogChoice find(PodSnapshot snapshot, String container, String id) {
    return Optional.ofNullable(snapshot.containers().get(container)).stream()
        .flatMap(known -> Stream.concat(known.current().stream(), known.previous().stream()))
        .filter(instance -> id != null && id.endsWith("//" + instance.id()))
        .filter(instance -> instance.logPath().isPresent())
        .findFirst()
        .<LogChoice>map(Read::new)
        .orElseGet(() -> new Refused("unable to retrieve container logs for " + id));
  }
}
