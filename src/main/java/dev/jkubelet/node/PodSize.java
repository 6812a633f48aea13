package dev.jkubelet.node;

import dev.jkubelet.model.PodContainers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What a pod is given that asks for other amounts than it has (KEP-1287). */
final class PodSize {
  private PodSize() {}

  /**
   * The pod with what it asks for, or, where the node can't give it that, with what it has and a
   * word of it in its status: {@code Infeasible} if it never can, {@code Deferred} if others have
   * it.
   *
   * @param last with what it has
   * @param others the node's other pods
   */
  static Pod of(Pod wanted, Pod last, List<Pod> others, AdmissionNode node) {
    var had = resources(last);
    boolean same =
        PodContainers.all(wanted)
            .allMatch(c -> Objects.equals(c.getResources(), had.get(c.getName())));
    if (same || Admission.shortages(wanted, others, node).isEmpty()) {
      return said(wanted, null);
    }
    boolean never = !Admission.shortages(wanted, List.of(), node).isEmpty();
    return said(with(had, wanted), never ? "Infeasible" : "Deferred");
  }

  /** The pod with what the agent before this one gave it, as far as it told. */
  static Pod told(Pod pod) {
    var told =
        Optional.ofNullable(pod.getStatus())
            .map(PodStatus::getContainerStatuses)
            .orElse(List.of())
            .stream()
            .filter(status -> status.getResources() != null)
            .collect(
                Collectors.toMap(
                    ContainerStatus::getName, ContainerStatus::getResources, (one, _) -> one));
    return told.isEmpty() ? pod : with(told, pod);
  }

  private static Map<String, ResourceRequirements> resources(Pod pod) {
    return PodContainers.all(pod)
        .filter(container -> container.getResources() != null)
        .collect(Collectors.toMap(Container::getName, Container::getResources, (one, _) -> one));
  }

  private static Pod with(Map<String, ResourceRequirements> resources, Pod pod) {
    UnaryOperator<List<Container>> given =
        all ->
            all.stream()
                .map(
                    container ->
                        new ContainerBuilder(container)
                            .withResources(
                                resources.getOrDefault(
                                    container.getName(), container.getResources()))
                            .build())
                .toList();
    return new PodBuilder(pod)
        .editSpec()
        .withInitContainers(given.apply(PodContainers.inits(pod)))
        .withContainers(given.apply(PodContainers.apps(pod)))
        .endSpec()
        .build();
  }

  private static Pod said(Pod pod, String resize) {
    return Objects.equals(resize, pod.getStatus() == null ? null : pod.getStatus().getResize())
        ? pod
        : new PodBuilder(pod).editOrNewStatus().withResize(resize).endStatus().build();
  }
}
