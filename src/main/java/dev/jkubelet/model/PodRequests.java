package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What a pod asks of its node. */
public final class PodRequests {
  private PodRequests() {}

  /**
   * As the scheduler adds it up: app containers and sidecars run side by side, other init
   * containers one after the other before them, beside the sidecars that began before; the pod's
   * overhead comes on top.
   *
   * @return by resource; {@code cpu} in thousandths, the others in whole numbers; only what is
   *     asked for
   */
  public static Map<String, Long> of(Pod pod) {
    var total = new TreeMap<String, Long>();
    PodContainers.lasting(pod).forEach(c -> amounts(c.getResources()).forEach(adding(total)));
    var begun = new TreeMap<String, Long>();
    for (var init : PodContainers.inits(pod)) {
      if (PodContainers.isSidecar(init)) {
        amounts(init.getResources()).forEach(adding(begun));
      } else {
        var together = new TreeMap<>(begun);
        amounts(init.getResources()).forEach(adding(together));
        together.forEach((name, amount) -> total.merge(name, amount, Math::max));
      }
    }
    Optional.ofNullable(pod.getSpec().getOverhead()).orElse(Map.of()).forEach(adding(total));
    total.values().removeIf(amount -> amount == 0);
    return total;
  }

  /** The amount as it is compared: {@code cpu} in thousandths. */
  public static long value(String resource, Quantity amount) {
    return resource.equals("cpu") ? Quantities.milliCpu(amount) : Quantities.bytes(amount);
  }

  private static BiConsumer<String, Quantity> adding(Map<String, Long> total) {
    return (name, amount) -> total.merge(name, value(name, amount), PodRequests::sum);
  }

  /** Held within a long, whatever a manifest asks for. */
  private static long sum(long one, long other) {
    long sum = one + other;
    return one > 0 && other > 0 && sum < 0 ? Long.MAX_VALUE : sum;
  }

  private static Map<String, Quantity> amounts(ResourceRequirements resources) {
    return Optional.ofNullable(resources).map(ResourceRequirements::getRequests).orElse(Map.of());
  }
}
