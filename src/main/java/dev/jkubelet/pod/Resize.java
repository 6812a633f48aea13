package dev.jkubelet.pod;

import dev.jkubelet.model.CpuShares;
import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.Quantities;
import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.pod.ContainerSteps.Step;
import dev.jkubelet.pod.ContainerSteps.Wish;
import dev.jkubelet.runtime.ContainerConfig.Resources;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How containers come to have other amounts of processor time and memory while they run (KEP-1287).
 */
final class Resize {
  private static final Set<String> UNDECIDED = Set.of("Deferred", "Infeasible");

  private Resize() {}

  /**
   * What a container needs to have what is wanted, once its pod's cgroup has room for it.
   *
   * @param grace to end it within, if it must be restarted
   */
  static Optional<Step> next(
      Container spec,
      Resources wanted,
      ContainerLife life,
      Wish wish,
      Duration grace,
      Instant now) {
    boolean paused = life.setback().filter(s -> now.isBefore(s.retryAt())).isPresent();
    if (!PodContainers.isResizable(spec)
        || paused
        || !life.known()
        || !(wish instanceof Wish.Run(var habitat))) {
      return Optional.empty();
    }
    var room = habitat.ground().rooms().getOrDefault(spec.getName(), Room.NONE);
    return life.current()
        .filter(current -> current.live() && current.in(habitat.sandboxId()))
        .filter(current -> !wanted.equalsUpdatably(current.inspection().resources()))
        .filter(_ -> room.covers(wanted))
        .map(current -> step(spec, wanted, current, grace));
  }

  private static Step step(Container spec, Resources wanted, Instance current, Duration grace) {
    return restarts(spec, current.inspection().resources(), wanted)
        ? new Step.Kill(
            current.id(), grace, "Container " + spec.getName() + " resize requires restart", false)
        : new Step.Resize(current.id(), wanted);
  }

  /** The policy wants it, or the engine: it takes no memory limit away. */
  private static boolean restarts(Container spec, Resources has, Resources wanted) {
    boolean cpu = has.cpuShares() != wanted.cpuShares() || has.cpuQuota() != wanted.cpuQuota();
    boolean memory = has.memoryLimit() != wanted.memoryLimit();
    boolean unlimited = memory && wanted.memoryLimit() == 0;
    return unlimited
        || spec.getResizePolicy().stream()
            .filter(policy -> "RestartContainer".equals(policy.getRestartPolicy()))
            .anyMatch(
                policy ->
                    ("cpu".equals(policy.getResourceName()) && cpu)
                        || ("memory".equals(policy.getResourceName()) && memory));
  }

  /** What the status says of the resize as a whole; null when there is none. */
  static String progress(Pod pod, List<ContainerObservation> seen) {
    var undecided = pod.getStatus() == null ? null : pod.getStatus().getResize();
    if (undecided != null && UNDECIDED.contains(undecided)) {
      return undecided;
    }
    boolean pending =
        PodSteps.all(pod)
            .filter(PodContainers::isResizable)
            .anyMatch(
                spec ->
                    seen.stream()
                        .filter(one -> one.name().equals(spec.getName()))
                        .flatMap(one -> one.current().stream())
                        .filter(Instance::live)
                        .anyMatch(current -> !has(spec, current.inspection().resources())));
    return pending ? "InProgress" : null;
  }

  /**
   * The resources that a running container has, which are the spec's unless it is being resized.
   */
  static ResourceRequirements told(Container spec, Resources has) {
    if (has(spec, has)) {
      return spec.getResources();
    }
    var told = new ResourceRequirementsBuilder(spec.getResources());
    if (has.cpuQuota() > 0) {
      told.addToLimits("cpu", milli(has.cpuQuota() * 1000 / has.cpuPeriod()));
    }
    if (has.memoryLimit() > 0) {
      told.addToLimits("memory", new Quantity(Quantities.binary(has.memoryLimit())));
    }
    if (has.cpuShares() > CpuShares.milliCpuToShares(0)) {
      told.addToRequests("cpu", milli((has.cpuShares() * 1000 + 1023) / 1024));
    }
    return told.build();
  }

  private static Quantity milli(long cpu) {
    return new Quantity(cpu + "m");
  }

  private static boolean has(Container spec, Resources actual) {
    return ContainerConfigs.amounts(spec, actual.oomScoreAdj()).equalsUpdatably(actual);
  }
}
