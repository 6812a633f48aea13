package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The conditions a kubelet sets, after those of others, which it keeps.
 *
 * @param statuses of the containers, by name
 */
record PodConditions(Pod pod, PodPhase phase, Map<String, ContainerStatus> statuses) {
  private static final Set<String> OURS =
      Set.of("Initialized", "Ready", "ContainersReady", "PodScheduled");

  /**
   * In the kubelet's order. A condition's time is that of its last change of status.
   *
   * @param last those of the pod until now
   * @param now as the API prints it
   */
  List<PodCondition> all(List<PodCondition> last, String now) {
    var others = ofOthers(last).toList();
    return Stream.concat(
            others.stream(),
            Stream.of(initialized(), ready(others), containersReady(), condition("PodScheduled"))
                .map(c -> timed(c, last, now)))
        .toList();
  }

  /** Those that no kubelet sets. */
  static Stream<PodCondition> ofOthers(List<PodCondition> all) {
    return all.stream().filter(c -> !OURS.contains(c.getType()));
  }

  static Stream<PodCondition> ours(List<PodCondition> all) {
    return all.stream().filter(c -> OURS.contains(c.getType()));
  }

  private PodCondition initialized() {
    if (phase == PodPhase.SUCCEEDED) {
      return new PodConditionBuilder(condition("Initialized")).withReason("PodCompleted").build();
    }
    return unready(PodContainers.inits(pod), this::initialized, "incomplete")
        .map(message -> not("Initialized", "ContainersNotInitialized", message))
        .orElseGet(() -> condition("Initialized"));
  }

  private PodCondition containersReady() {
    return ofContainers("ContainersReady");
  }

  private PodCondition ready(List<PodCondition> others) {
    var containers = ofContainers("Ready");
    if (containers.getStatus().equals("False")) {
      return containers;
    }
    return gates(others)
        .map(message -> not("Ready", "ReadinessGatesNotReady", message))
        .orElse(containers);
  }

  private PodCondition ofContainers(String type) {
    if (phase == PodPhase.SUCCEEDED) {
      return not(type, "PodCompleted", null);
    }
    return unready(PodContainers.lasting(pod), this::ready, "unready")
        .map(message -> not(type, "ContainersNotReady", message))
        .orElseGet(() -> condition(type));
  }

  private Optional<String> gates(List<PodCondition> others) {
    var messages = new ArrayList<String>();
    for (var gate : Optional.ofNullable(pod.getSpec().getReadinessGates()).orElse(List.of())) {
      var type = gate.getConditionType();
      others.stream()
          .filter(c -> c.getType().equals(type))
          .findFirst()
          .ifPresentOrElse(
              c -> {
                if (!"True".equals(c.getStatus())) {
                  messages.add(
                      "the status of pod readiness gate \"%s\" is not \"True\", but %s"
                          .formatted(type, c.getStatus()));
                }
              },
              () ->
                  messages.add(
                      "corresponding condition of pod readiness gate \"%s\" does not exist."
                          .formatted(type)));
    }
    return messages.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", messages));
  }

  private boolean ready(Container container) {
    return Boolean.TRUE.equals(statuses.get(container.getName()).getReady());
  }

  /** A sidecar need only have started. */
  private boolean initialized(Container init) {
    return PodContainers.isSidecar(init)
        ? Boolean.TRUE.equals(statuses.get(init.getName()).getStarted())
        : ready(init);
  }

  private static Optional<String> unready(
      List<Container> containers, Predicate<Container> ready, String what) {
    var names = containers.stream().filter(ready.negate()).map(Container::getName).toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of("containers with %s status: [%s]".formatted(what, String.join(" ", names)));
  }

  private static PodCondition condition(String type) {
    return new PodConditionBuilder().withType(type).withStatus("True").build();
  }

  private static PodCondition not(String type, String reason, String message) {
    return new PodConditionBuilder()
        .withType(type)
        .withStatus("False")
        .withReason(reason)
        .withMessage(message)
        .build();
  }

  private static PodCondition timed(PodCondition condition, List<PodCondition> last, String now) {
    var since =
        last.stream()
            .filter(l -> l.getType().equals(condition.getType()))
            .filter(l -> l.getStatus().equals(condition.getStatus()))
            .map(PodCondition::getLastTransitionTime)
            .findFirst()
            .orElse(now);
    return new PodConditionBuilder(condition).withLastTransitionTime(since).build();
  }
}
