package dev.jkubelet.node;

import dev.jkubelet.model.OomScore;
import dev.jkubelet.model.PodRequests;
import dev.jkubelet.model.QosClass;
import dev.jkubelet.node.Admission.Refusal;
import dev.jkubelet.node.Admission.Shortage;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is to be done so that a critical pod fits, as the kubelet's preemption does it: as few of
 * the lesser pods as possible fail, best effort before burstable before guaranteed ones.
 */
sealed interface Preemption {
  String REASON = "Preempting";
  String MESSAGE = "Preempted in order to admit critical pod";

  /** It isn't room that the pod lacks. */
  record None() implements Preemption {}

  /** Without these there would be enough. */
  record Victims(List<Pod> pods) implements Preemption {}

  /** All lesser pods together have not enough. */
  record Impossible(Refusal refusal) implements Preemption {}

  /**
   * For a critical pod that was refused.
   *
   * @param active the pods that were admitted and have not ended
   */
  static Preemption of(Pod pod, List<Pod> active, AdmissionNode node) {
    var other = Admission.refuseWithRoom(pod, active, node);
    if (other.isPresent()) {
      return new None();
    }
    var missing =
        Admission.shortages(pod, active, node).stream()
            .collect(
                Collectors.toMap(
                    Shortage::resource, Shortage::missing, (one, _) -> one, TreeMap::new));
    var lesser =
        active.stream()
            .filter(one -> preempts(pod, one))
            .collect(Collectors.groupingBy(QosClass::of));
    var left = less(missing, lesser.values().stream().flatMap(List::stream).toList());
    return left.isEmpty()
        ? new Victims(victims(missing, lesser))
        : new Impossible(impossible(left));
  }

  private static boolean preempts(Pod pod, Pod other) {
    var priority = pod.getSpec().getPriority();
    var others = other.getSpec().getPriority();
    return !OomScore.isCritical(other) || (priority != null && others != null && priority > others);
  }

  private static List<Pod> victims(Map<String, Long> missing, Map<QosClass, List<Pod>> lesser) {
    var bestEffort = lesser.getOrDefault(QosClass.BEST_EFFORT, List.of());
    var burstable = lesser.getOrDefault(QosClass.BURSTABLE, List.of());
    var guaranteed =
        nearest(
            lesser.getOrDefault(QosClass.GUARANTEED, List.of()),
            less(missing, both(bestEffort, burstable)));
    var ofBurstable = nearest(burstable, less(missing, both(bestEffort, guaranteed)));
    var ofBestEffort = nearest(bestEffort, less(missing, both(ofBurstable, guaranteed)));
    return both(ofBestEffort, both(ofBurstable, guaranteed));
  }

  private static List<Pod> both(List<Pod> some, List<Pod> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  /** One after the other whichever comes closest to what is missing; of two the smaller. */
  private static List<Pod> nearest(List<Pod> pods, Map<String, Long> missing) {
    var candidates = new ArrayList<>(pods);
    var chosen = new ArrayList<Pod>();
    var left = missing;
    while (!left.isEmpty()) {
      var goal = left;
      var best =
          candidates.stream()
              .min(
                  Comparator.comparingDouble((Pod pod) -> distance(goal, pod))
                      .thenComparingLong(pod -> amount(pod, "memory"))
                      .thenComparingLong(pod -> amount(pod, "cpu")))
              .orElseThrow();
      candidates.remove(best);
      chosen.add(best);
      left = less(left, List.of(best));
    }
    return chosen;
  }

  /** Each resource counts by the share of it that would still be missing. */
  private static double distance(Map<String, Long> missing, Pod pod) {
    return missing.entrySet().stream()
        .mapToDouble(
            entry -> {
              double left = Math.max(0, entry.getValue() - amount(pod, entry.getKey()));
              return Math.pow(left / entry.getValue(), 2);
            })
        .sum();
  }

  private static Map<String, Long> less(Map<String, Long> missing, Collection<Pod> pods) {
    var left = new TreeMap<String, Long>();
    missing.forEach(
        (resource, amount) -> {
          long freed = pods.stream().mapToLong(pod -> amount(pod, resource)).sum();
          if (amount > freed) {
            left.put(resource, amount - freed);
          }
        });
    return left;
  }

  private static long amount(Pod pod, String resource) {
    return resource.equals("pods") ? 1 : PodRequests.of(pod).getOrDefault(resource, 0L);
  }

  private static Refusal impossible(Map<String, Long> left) {
    var listed =
        left.entrySet().stream()
            .map(entry -> "(res: %s, q: %d), ".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining());
    return new Refusal(
        "UnexpectedAdmissionError",
        "Unexpected error while attempting to recover from admission failure: preemption: error"
            + " finding a set of pods to preempt: no set of running pods found to reclaim"
            + " resources: ["
            + listed
            + "]");
  }
}
