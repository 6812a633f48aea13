package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerSteps.Step;
import dev.jkubelet.pod.ContainerSteps.Wish;
import java.util.Optional;

/**
 * What a container is to be by its spec, and which instance was ended for it. Confined to the
 * container's actor.
 */
final class ContainerPlan {
  private ContainerCalls calls;
  private Optional<Step.Kill> killed = Optional.empty();

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
            .next(life, wish, calls.grace(), now);
    if (replacement.orElse(null) instanceof Step.Kill kill) {
      killed = Optional.of(kill);
    }
    return replacement.orElseGet(
        () -> ContainerSteps.next(life, wish, calls.rule(), calls.grace(), now));
  }

  /** What was held against the old spec, such as a back-off, is not held against the new one. */
  ContainerLife change(ContainerCalls newer, ContainerLife life) {
    boolean same = newer.definition().equals(calls.definition());
    calls = newer;
    return same ? life : life.forgiven();
  }
}
