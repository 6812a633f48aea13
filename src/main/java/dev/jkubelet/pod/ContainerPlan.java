package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerSteps.Step;
import dev.jkubelet.pod.ContainerSteps.Wish;
import java.time.Instant;
import java.util.Optional;

/**
 * What a container is to be by its spec, and which instance was ended or resized for it. Confined
 * to the container's actor.
 */
final class ContainerPlan {
  private ContainerCalls calls;
  private Optional<Step.Kill> killed = Optional.empty();
  private Optional<Step.Resize> resized = Optional.empty();

  ContainerPlan(ContainerCalls calls) {
    this.calls = calls;
  }

  ContainerCalls calls() {
    return calls;
  }

  Step next(ContainerLife life, Wish wish, Optional<Unhealthy> unhealthy) {
    var now = calls.now();
    var replacement =
        new Replacement(calls.name(), calls.rule(), calls.definition(), unhealthy, killed)
            .next(life, wish, calls.grace(), now)
            .or(() -> resize(life, wish, now));
    if (replacement.orElse(null) instanceof Step.Kill kill) {
      killed = Optional.of(kill);
    }
    return replacement.orElseGet(
        () -> ContainerSteps.next(life, wish, calls.rule(), calls.grace(), now));
  }

  /** Once: what the engine made of it stands, unless the call failed. */
  private Optional<Step> resize(ContainerLife life, Wish wish, Instant now) {
    if (life.setback().isPresent()) {
      resized = Optional.empty();
    }
    var step =
        Resize.next(calls.container(), calls.resources(), life, wish, calls.grace(), now)
            .filter(next -> !Optional.of(next).equals(resized));
    if (step.orElse(null) instanceof Step.Resize resize) {
      resized = Optional.of(resize);
    }
    return step;
  }

  /** What was held against the old spec, such as a back-off, is not held against the new one. */
  ContainerLife change(ContainerCalls newer, ContainerLife life) {
    boolean same = newer.definition().equals(calls.definition());
    calls = newer;
    return same ? life : life.forgiven();
  }
}
