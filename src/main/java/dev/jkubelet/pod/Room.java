package dev.jkubelet.pod;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.runtime.ContainerConfig.Resources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The room that a pod's cgroup has for one of its containers: for what it has, and for what it is
 * to have.
 *
 * @param cpuQuota as in {@link Resources}; 0 for any
 * @param memory bytes; 0 for any
 */
record Room(long cpuQuota, long memory) {
  private static final BigDecimal CPU_PERIOD = BigDecimal.valueOf(ContainerConfigs.CPU_PERIOD_US);
  static final Room NONE = new Room(-1, -1);

  /** Of the containers that may be resized, by name. */
  static Map<String, Room> all(Pod pod, PodLife life) {
    return PodContainers.all(pod)
        .filter(PodContainers::isResizable)
        .collect(Collectors.toUnmodifiableMap(Container::getName, spec -> of(spec, life)));
  }

  private static Room of(Container spec, PodLife life) {
    var wanted = of(ContainerConfigs.amounts(spec, 0));
    return Optional.ofNullable(life.containers().get(spec.getName()))
        .flatMap(report -> report.life().current())
        .filter(Instance::live)
        .map(current -> wanted.or(of(current.inspection().resources())))
        .orElse(wanted);
  }

  private static Room of(Resources resources) {
    return new Room(resources.cpuQuota(), resources.memoryLimit());
  }

  private Room or(Room other) {
    return new Room(larger(cpuQuota, other.cpuQuota), larger(memory, other.memory));
  }

  private static long larger(long one, long other) {
    return one == 0 || other == 0 ? 0 : Math.max(one, other);
  }

  boolean covers(Resources wanted) {
    return or(of(wanted)).equals(this);
  }

  /** The pod as its cgroup is to be made. */
  static Pod with(Map<String, Room> rooms, Pod pod) {
    Function<List<Container>, List<Container>> widened =
        all -> all.stream().map(spec -> wide(spec, rooms.get(spec.getName()))).toList();
    return rooms.isEmpty()
        ? pod
        : new PodBuilder(pod)
            .editSpec()
            .withInitContainers(widened.apply(PodContainers.inits(pod)))
            .withContainers(widened.apply(PodContainers.apps(pod)))
            .endSpec()
            .build();
  }

  private static Container wide(Container spec, Room room) {
    if (room == null || room.equals(of(ContainerConfigs.amounts(spec, 0)))) {
      return spec;
    }
    var resources = new ResourceRequirementsBuilder(spec.getResources());
    limit(resources, "cpu", BigDecimal.valueOf(room.cpuQuota).divide(CPU_PERIOD));
    limit(resources, "memory", BigDecimal.valueOf(room.memory));
    return new ContainerBuilder(spec).withResources(resources.build()).build();
  }

  /** Who asks for all that it may have still does: the QoS class, and with it the cgroup, stays. */
  private static void limit(ResourceRequirementsBuilder resources, String name, BigDecimal amount) {
    if (amount.signum() == 0) {
      resources.removeFromLimits(name);
      return;
    }
    var limit = new Quantity(amount.toPlainString());
    var all = resources.build();
    if (Objects.equals(all.getRequests().get(name), all.getLimits().get(name))) {
      resources.addToRequests(name, limit);
    }
    resources.addToLimits(name, limit);
  }
}
