package dev.jkubelet.model;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;

/**
 * What a pod may learn of its containers' resources: the {@code resourceFieldRef}s of variables and
 * files.
 *
 * @param allocatable what a container without a limit of its own is limited to
 */
public record ResourceFields(Pod pod, Allocatable allocatable) {

  /**
   * The value in units of the selector's divisor, rounded up.
   *
   * @param own the container that is meant when the selector names none; null if there is none
   * @throws IllegalArgumentException when there is no such resource or container
   */
  public String value(ResourceFieldSelector selector, Container own) {
    var container = container(selector.getContainerName(), own);
    var name = orEmpty(selector.getResource());
    var divisor = selector.getDivisor();
    return switch (name) {
      case "limits.cpu" ->
          ratio(
              or(
                  Quantities.milliCpu(PodContainers.limit(container, "cpu")),
                  allocatable.milliCpu()),
              Quantities.milliCpu(divisor),
              1000);
      case "requests.cpu" ->
          ratio(
              Quantities.milliCpu(PodContainers.request(container, "cpu")),
              Quantities.milliCpu(divisor),
              1000);
      case "limits.memory" ->
          inUnits(
              or(bytes(PodContainers.limit(container, "memory")), allocatable.memoryBytes()),
              divisor);
      case "requests.memory", "requests.ephemeral-storage" ->
          inUnits(bytes(PodContainers.request(container, name.substring(9))), divisor);
      case "limits.ephemeral-storage" ->
          inUnits(
              or(
                  bytes(PodContainers.limit(container, name.substring(7))),
                  allocatable.ephemeralStorage()),
              divisor);
      case String pages when pages.startsWith("limits.hugepages-") ->
          inUnits(bytes(PodContainers.limit(container, name.substring(7))), divisor);
      case String pages when pages.startsWith("requests.hugepages-") ->
          inUnits(bytes(PodContainers.request(container, name.substring(9))), divisor);
      case String _ ->
          throw new IllegalArgumentException("unsupported container resource : " + name);
    };
  }

  private Container container(String name, Container own) {
    if (own != null && (name == null || name.isEmpty())) {
      return own;
    }
    return PodContainers.all(pod)
        .filter(c -> c.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("container " + name + " not found"));
  }

  private static String inUnits(long amount, Quantity divisor) {
    return ratio(amount, bytes(divisor), 1);
  }

  private static String ratio(long amount, long divisor, long unit) {
    return Long.toString(Math.ceilDiv(amount, or(divisor, unit)));
  }

  private static long bytes(Quantity quantity) {
    return Quantities.bytes(quantity);
  }

  private static long or(long amount, long otherwise) {
    return amount == 0 ? otherwise : amount;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
