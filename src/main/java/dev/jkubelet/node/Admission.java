package dev.jkubelet.node;

import dev.jkubelet.model.HostPorts;
import dev.jkubelet.model.NodeSelectors;
import dev.jkubelet.model.OomScore;
import dev.jkubelet.model.PodRequests;
import dev.jkubelet.model.QosClass;
import dev.jkubelet.node.pressure.NodePressures;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a node refuses a pod, in the words of the kubelet and in its order: what the node is short
 * of, what its machine can't enforce, operating system, resources, node affinity, host ports. What
 * a taint says is the controller manager's business.
 */
final class Admission {
  private static final List<String> FIRST = List.of("cpu", "memory", "ephemeral-storage");

  private Admission() {}

  /**
   * What is said of a refused pod.
   *
   * @param message as the event has it; in the status it begins with "Pod "
   */
  record Refusal(String reason, String message) {}

  /**
   * Whether there is room and reason to run {@code pod}.
   *
   * @param active the pods that were admitted and have not ended
   */
  static Optional<Refusal> refuse(Pod pod, List<Pod> active, AdmissionNode node) {
    return refuse(pod, active, node, shortages(pod, active, node));
  }

  /** Why a pod is refused whatever it asks for. */
  static Optional<Refusal> refuseWithRoom(Pod pod, List<Pod> active, AdmissionNode node) {
    return refuse(pod, active, node, List.of());
  }

  private static Optional<Refusal> refuse(
      Pod pod, List<Pod> active, AdmissionNode node, List<Shortage> shortages) {
    return worse(pod, node.pressures())
        .or(() -> node.security().refuse(pod))
        .or(() -> ofAnotherSystem(pod))
        .or(() -> shortages.stream().findFirst().map(Shortage::refusal))
        .or(() -> unfit(pod, active, node));
  }

  private static Optional<Refusal> unfit(Pod pod, List<Pod> active, AdmissionNode node) {
    return elsewhere(pod, node)
        .or(() -> HostPorts.conflict(pod, active) ? predicate("NodePorts") : Optional.empty());
  }

  /** The pod as it stands once it is refused: failed, until it is deleted. */
  static Pod refused(Pod pod, Refusal refusal, Instant now) {
    return new PodBuilder(pod)
        .withNewStatus()
        .withPhase("Failed")
        .withReason(refusal.reason())
        .withMessage("Pod " + refusal.message())
        .withStartTime(now.truncatedTo(ChronoUnit.SECONDS).toString())
        .endStatus()
        .build();
  }

  /** Not in 1.20, whose API has no such field; later kubelets' words. */
  private static Optional<Refusal> ofAnotherSystem(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getOs())
        .filter(os -> !"linux".equals(os.getName()))
        .map(
            _ ->
                new Refusal(
                    "PodOSNotSupported",
                    "Failed to admit pod as the OS field doesn't match node OS"));
  }

  /** Short of memory alone, the node still takes pods that have asked for theirs. */
  private static Optional<Refusal> worse(Pod pod, NodePressures pressures) {
    boolean only = pressures.equals(new NodePressures(true, false, false));
    boolean harmless =
        OomScore.isCritical(pod)
            || (only && (QosClass.of(pod) != QosClass.BEST_EFFORT || toleratesMemoryPressure(pod)));
    return pressures.equals(NodePressures.NONE) || harmless
        ? Optional.empty()
        : Optional.of(
            new Refusal("Evicted", "The node had condition: [%s]. ".formatted(pressures.text())));
  }

  private static boolean toleratesMemoryPressure(Pod pod) {
    return pod.getSpec().getTolerations().stream()
        .filter(t -> t.getEffect() == null || List.of("", "NoSchedule").contains(t.getEffect()))
        .anyMatch(
            t ->
                "node.kubernetes.io/memory-pressure".equals(t.getKey())
                    || ("Exists".equals(t.getOperator())
                        && (t.getKey() == null || t.getKey().isEmpty())));
  }

  /**
   * Of what the node has not enough.
   *
   * @param used by others
   */
  record Shortage(String resource, long requested, long used, long capacity) {
    long missing() {
      return requested - (capacity - used);
    }

    Refusal refusal() {
      return new Refusal(
          "OutOf" + resource,
          "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
              .formatted(resource, requested, used, capacity));
    }
  }

  /** What the node lacks to give the pod what it asks for, beside those. */
  static List<Shortage> shortages(Pod pod, List<Pod> active, AdmissionNode node) {
    var wanted = PodRequests.of(pod);
    var used = new HashMap<String, Long>();
    active.forEach(
        other -> PodRequests.of(other).forEach((name, n) -> used.merge(name, n, Long::sum)));
    var most = node.allocatable().get("pods");
    return Stream.concat(
            Stream.ofNullable(most).map(n -> new Shortage("pods", 1, active.size(), n)),
            Stream.concat(FIRST.stream(), wanted.keySet().stream().filter(n -> !FIRST.contains(n)))
                .filter(wanted::containsKey)
                .filter(name -> !name.equals("pods"))
                .flatMap(name -> of(name, wanted.get(name), used, node.allocatable())))
        .filter(shortage -> shortage.missing() > 0)
        .toList();
  }

  /** An unknown resource of another name than Kubernetes' own is the cluster's, not the node's. */
  private static Stream<Shortage> of(
      String name, long wanted, Map<String, Long> used, Map<String, Long> allocatable) {
    var most = allocatable.getOrDefault(name, name.startsWith("hugepages-") ? 0L : null);
    return Stream.ofNullable(most)
        .map(n -> new Shortage(name, wanted, used.getOrDefault(name, 0L), n));
  }

  private static Optional<Refusal> elsewhere(Pod pod, AdmissionNode node) {
    return NodeSelectors.match(pod, node.name(), node.labels())
        ? Optional.empty()
        : predicate("NodeAffinity");
  }

  private static Optional<Refusal> predicate(String name) {
    return Optional.of(new Refusal(name, "Predicate " + name + " failed"));
  }
}
