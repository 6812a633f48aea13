package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.pod.ContainerSteps.Step;
import dev.jkubelet.pod.ContainerSteps.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A container that runs but must not go on is made anew, as the kubelet's computePodActions has it:
 * one whose spec is another than it was made of, whatever the restart policy, and one that a probe
 * found unhealthy, unless it is never to be restarted.
 *
 * @param definition of the spec that is wanted; empty when there is nothing to compare it with
 * @param unhealthy what the probes found
 * @param killed the step that was taken for it, if one was
 */
record Replacement(
    String container,
    RestartRule rule,
    Optional<Definition> definition,
    Optional<Unhealthy> unhealthy,
    Optional<Step.Kill> killed) {

  /** The step that comes before any other; empty when there is no need. */
  Optional<Step> next(ContainerLife life, Wish wish, Duration grace, Instant now) {
    boolean paused = life.setback().filter(s -> now.isBefore(s.retryAt())).isPresent();
    if (paused || !life.known() || !life.strays().isEmpty()) {
      return Optional.empty();
    }
    return wish instanceof Wish.Run(var habitat)
        ? life.current()
            .filter(current -> current.in(habitat.sandboxId()))
            .flatMap(
                current ->
                    current.live() ? kill(current, grace) : anew(life, current, habitat, now))
        : Optional.empty();
  }

  private Optional<Step> kill(Instance current, Duration grace) {
    if (outdated(current)) {
      var message = "Container " + container + " definition changed, will be restarted";
      return Optional.of(new Step.Kill(current.id(), grace, message, false));
    }
    var more = rule.restartsFailures() ? ", will be restarted" : "";
    return unhealthy
        .filter(found -> found.id().equals(current.id()))
        .map(
            found ->
                new Step.Kill(
                    current.id(),
                    found.grace(),
                    "Container " + container + " " + found.text() + more,
                    true));
  }

  /**
   * At once; of an unhealthy one only if its predecessor's back-off is over, else it waits like any
   * that failed.
   */
  private Optional<Step> anew(ContainerLife life, Instance current, Habitat habitat, Instant now) {
    return killed
        .filter(kill -> kill.id().equals(current.id()))
        .filter(kill -> !kill.atFault() || (rule.restartsFailures() && rested(life, now)))
        .map(kill -> new Step.Launch(life.nextAttempt(), kill.atFault(), habitat));
  }

  private static boolean rested(ContainerLife life, Instant now) {
    return life.previous()
        .flatMap(previous -> life.backoff().map(b -> b.until(previous.finishedAt())))
        .filter(now::isBefore)
        .isEmpty();
  }

  private boolean outdated(Instance instance) {
    return definition.filter(wanted -> !wanted.made(instance.inspection().labels())).isPresent();
  }
}
