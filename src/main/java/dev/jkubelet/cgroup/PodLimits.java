package dev.jkubelet.cgroup;

import dev.jkubelet.model.CpuShares;
import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.QosClass;
import dev.jkubelet.model.Quantities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** From a pod's requests and limits to its cgroup's, as the kubelet's container manager does it. */
final class PodLimits {
  private static final String HUGE_PAGES = "hugepages-";

  /** What the kernel's largest weight stands for; also keeps the arithmetic within a long. */
  private static final long MOST_MILLI_CPU = 256_000;

  private PodLimits() {}

  static CgroupLimits of(Pod pod, PodCgroupSettings settings) {
    long period = settings.cpuCfsQuotaPeriod();
    long quota =
        settings.cpuCfsQuota()
            ? CpuShares.milliCpuToQuota(milliCpu(limit(pod, "cpu")), period)
            : -1;
    long memory = Quantities.bytes(quantity(limit(pod, "memory")));
    boolean guaranteed = QosClass.of(pod) == QosClass.GUARANTEED;
    return new CgroupLimits(
        OptionalLong.of(CpuShares.milliCpuToShares(requestedMilliCpu(pod))),
        guaranteed || everyAppLimits(pod, "cpu") ? nonZero(quota) : OptionalLong.empty(),
        period,
        guaranteed || everyAppLimits(pod, "memory")
            ? CgroupLimits.positive(memory)
            : OptionalLong.empty(),
        CgroupLimits.positive(settings.podPidsLimit()),
        hugePages(pod),
        0);
  }

  /** Thousandths of a CPU the pod asks for. */
  static long requestedMilliCpu(Pod pod) {
    var apps = sumOrLargestInit(pod, container -> PodContainers.request(container, "cpu"));
    return milliCpu(apps.add(overhead(pod, "cpu")));
  }

  /** Overhead only adds to a limit that there is. */
  private static BigDecimal limit(Pod pod, String resource) {
    var sum = sumOrLargestInit(pod, container -> PodContainers.limit(container, resource));
    return sum.signum() == 0 ? sum : sum.add(overhead(pod, resource));
  }

  /**
   * App containers and sidecars run side by side, other init containers beside the sidecars that
   * began before: the largest of these needs.
   */
  private static BigDecimal sumOrLargestInit(Pod pod, Function<Container, Quantity> amount) {
    var apps =
        PodContainers.lasting(pod).stream()
            .map(container -> Quantities.decimal(amount.apply(container)))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    var most = apps;
    var begun = BigDecimal.ZERO;
    for (var init : PodContainers.inits(pod)) {
      var own = begun.add(Quantities.decimal(amount.apply(init)));
      begun = PodContainers.isSidecar(init) ? own : begun;
      most = most.max(own);
    }
    return most;
  }

  private static BigDecimal overhead(Pod pod, String resource) {
    var overhead = Optional.ofNullable(pod.getSpec().getOverhead()).orElse(Map.of());
    return Quantities.decimal(overhead.get(resource));
  }

  private static boolean everyAppLimits(Pod pod, String resource) {
    return PodContainers.apps(pod).stream()
        .allMatch(c -> Quantities.decimal(PodContainers.limit(c, resource)).signum() > 0);
  }

  private static Map<Long, Long> hugePages(Pod pod) {
    var bytesBySize = new HashMap<Long, Long>();
    for (var container : PodContainers.apps(pod)) {
      Optional.ofNullable(container.getResources())
          .map(ResourceRequirements::getRequests)
          .orElse(Map.of())
          .forEach(
              (name, amount) -> {
                if (name.startsWith(HUGE_PAGES)) {
                  long size = Quantities.bytes(new Quantity(name.substring(HUGE_PAGES.length())));
                  bytesBySize.merge(size, Quantities.bytes(amount), PodLimits::addCapped);
                }
              });
    }
    return bytesBySize;
  }

  private static long addCapped(long a, long b) {
    return Math.min(a, CgroupLimits.UNBOUNDED_HUGE_PAGES) + Math.min(b, 1L << 61);
  }

  private static long milliCpu(BigDecimal cpus) {
    return Math.min(MOST_MILLI_CPU, Quantities.milliCpu(quantity(cpus)));
  }

  private static Quantity quantity(BigDecimal amount) {
    return new Quantity(amount.toPlainString());
  }

  private static OptionalLong nonZero(long value) {
    return value == 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
