package dev.jkubelet.pod;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Kills for want of memory that the engine told of after the pod was over: the one thing in a
 * settled status that may still become truer.
 */
final class LateKills {
  private LateKills() {}

  /** An equal status where nothing is to be added. */
  static PodStatus told(PodStatus settled, PodLife life) {
    var killed =
        life.containers().values().stream()
            .flatMap(report -> report.life().current().stream())
            .filter(instance -> instance.inspection().oomKilled())
            .map(ContainerStatuses::id)
            .collect(Collectors.toSet());
    return new PodStatusBuilder(settled)
        .withInitContainerStatuses(told(settled.getInitContainerStatuses(), killed))
        .withContainerStatuses(told(settled.getContainerStatuses(), killed))
        .withEphemeralContainerStatuses(told(settled.getEphemeralContainerStatuses(), killed))
        .build();
  }

  private static List<ContainerStatus> told(List<ContainerStatus> statuses, Set<String> killed) {
    return statuses.stream().map(status -> told(status, killed)).toList();
  }

  private static ContainerStatus told(ContainerStatus status, Set<String> killed) {
    return terminated(status).filter(end -> killed.contains(end.getContainerID())).isEmpty()
        ? status
        : new ContainerStatusBuilder(status)
            .editState()
            .editTerminated()
            .withReason(ContainerStatuses.OOM_KILLED)
            .endTerminated()
            .endState()
            .build();
  }

  private static Optional<ContainerStateTerminated> terminated(ContainerStatus status) {
    return Optional.ofNullable(status.getState()).map(state -> state.getTerminated());
  }
}
