package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;

/** How a pod's processor and memory are promised; derived from its requests and limits alone. */
public enum QosClass {
  GUARANTEED("Guaranteed"),
  BURSTABLE("Burstable"),
  BEST_EFFORT("BestEffort");

  private static final List<String> COMPUTE = List.of("cpu", "memory");

  private final String text;

  QosClass(String text) {
    this.text = text;
  }

  /** As {@code status.qosClass} has it. */
  public String text() {
    return text;
  }

  /**
   * The class of a pod. Best effort: no container, init containers included, asks for processor or
   * memory or is limited in them. Guaranteed: every container is limited in both, and in sum the
   * requests equal the limits. Amounts of zero count as not given.
   */
  public static QosClass of(Pod pod) {
    var containers = PodContainers.all(pod).toList();
    if (COMPUTE.stream()
        .allMatch(
            name ->
                sum(containers, c -> PodContainers.request(c, name)).signum() == 0
                    && sum(containers, c -> PodContainers.limit(c, name)).signum() == 0)) {
      return BEST_EFFORT;
    }
    return COMPUTE.stream().allMatch(name -> promised(containers, name)) ? GUARANTEED : BURSTABLE;
  }

  private static boolean promised(List<Container> containers, String resource) {
    boolean limited =
        containers.stream().allMatch(c -> positive(PodContainers.limit(c, resource)).signum() > 0);
    return limited
        && sum(containers, c -> PodContainers.request(c, resource))
                .compareTo(sum(containers, c -> PodContainers.limit(c, resource)))
            == 0;
  }

  private static BigDecimal sum(List<Container> containers, Function<Container, Quantity> amount) {
    return containers.stream()
        .map(c -> positive(amount.apply(c)))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal positive(Quantity quantity) {
    return Quantities.decimal(quantity).max(BigDecimal.ZERO);
  }
}
