package dev.jkubelet.node.registration;

import dev.jkubelet.model.GoQuantity;
import dev.jkubelet.model.Quantities;
import dev.jkubelet.node.pressure.Signal;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the node has, and what of it pods may have: less what is reserved and what eviction keeps
 * free, as kubelet 1.20 reckons.
 */
public record NodeResources(Map<String, Quantity> capacity, Map<String, Quantity> allocatable) {
  private static final String HUGE_PAGES = "hugepages-";
  private static final String MEMORY = "memory";
  private static final String STORAGE = "ephemeral-storage";
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  /**
   * Now.
   *
   * @param before the capacity told until now: what others put there is kept
   */
  public static NodeResources of(
      NodeSettings.Resources settings, MachineAmounts machine, Map<String, Quantity> before) {
    var capacity = capacity(settings, machine);
    before.forEach(
        (name, amount) -> {
          if (!name.startsWith(HUGE_PAGES)) {
            capacity.putIfAbsent(name, amount);
          }
        });
    var allocatable = new TreeMap<String, Quantity>();
    capacity.forEach(
        (name, amount) -> {
          var reserved = reserved(settings, name, Quantities.bytes(amount));
          allocatable.put(name, reserved.signum() == 0 ? amount : less(name, amount, reserved));
        });
    capacity.forEach(
        (name, amount) -> {
          if (name.startsWith(HUGE_PAGES)) {
            allocatable.compute(
                MEMORY, (_, memory) -> less(MEMORY, memory, Quantities.decimal(amount)));
          }
        });
    return new NodeResources(capacity, allocatable);
  }

  private static Map<String, Quantity> capacity(
      NodeSettings.Resources settings, MachineAmounts machine) {
    var capacity = new TreeMap<String, Quantity>();
    capacity.put("cpu", quantity("cpu", BigDecimal.valueOf(machine.cores())));
    capacity.put(MEMORY, quantity(MEMORY, BigDecimal.valueOf(machine.memory())));
    capacity.put("pods", new Quantity(Integer.toString(pods(settings, machine.cores()))));
    if (machine.ephemeralStorage() > 0) {
      capacity.put(STORAGE, quantity(STORAGE, BigDecimal.valueOf(machine.ephemeralStorage())));
    }
    for (var pages : machine.hugePages()) {
      var size = BigDecimal.valueOf(pages.pageSize()).multiply(KIBI);
      var name = HUGE_PAGES + quantity(HUGE_PAGES, size);
      capacity.put(name, quantity(name, size.multiply(BigDecimal.valueOf(pages.pages()))));
    }
    return capacity;
  }

  private static int pods(NodeSettings.Resources settings, int cores) {
    return settings.podsPerCore() > 0
        ? Math.min(cores * settings.podsPerCore(), settings.maxPods())
        : settings.maxPods();
  }

  private static BigDecimal reserved(NodeSettings.Resources settings, String name, long capacity) {
    return Quantities.decimal(settings.systemReserved().get(name))
        .add(Quantities.decimal(settings.kubeReserved().get(name)))
        .add(
            switch (name) {
              case MEMORY -> kept(settings, Signal.MEMORY_AVAILABLE, capacity);
              case STORAGE -> kept(settings, Signal.NODEFS_AVAILABLE, capacity);
              default -> BigDecimal.ZERO;
            });
  }

  private static BigDecimal kept(NodeSettings.Resources settings, Signal signal, long capacity) {
    var threshold = settings.evictionHard().get(signal);
    return threshold == null ? BigDecimal.ZERO : threshold.of(capacity);
  }

  private static Quantity less(String name, Quantity amount, BigDecimal reserved) {
    return quantity(name, Quantities.decimal(amount).subtract(reserved).max(BigDecimal.ZERO));
  }

  /** Bytes in powers of 1024, all else in powers of 1000. */
  private static Quantity quantity(String name, BigDecimal amount) {
    boolean bytes = name.equals(MEMORY) || name.equals(STORAGE) || name.startsWith(HUGE_PAGES);
    var format = bytes ? GoQuantity.Format.BinarySI : GoQuantity.Format.DecimalSI;
    return new GoQuantity(amount, false, "", format).toModel();
  }
}
