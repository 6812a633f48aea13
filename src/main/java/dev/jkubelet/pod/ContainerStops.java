package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.pod.ContainerSteps.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How instances of one container end: those too many, those to end, and those whose hook failed.
 */
record ContainerStops(PodsContainer of, ContainerHooks hooks, ContainerLooks looks) {
  CompletionStage<ContainerLife> removeStrays(ContainerLife life, List<String> ids) {
    return CompletableFuture.allOf(
            ids.stream()
                .map(id -> of.services().runtime().remove(id).toCompletableFuture())
                .toArray(CompletableFuture[]::new))
        .thenApply(_ -> life.withoutStrays());
  }

  CompletionStage<ContainerLife> stop(ContainerLife life, Step.Stop stop) {
    of.record("Normal", "Killing", "Stopping container " + of.name());
    return stopAfterHook(life, stop);
  }

  CompletionStage<ContainerLife> kill(ContainerLife life, Step.Kill kill) {
    of.record("Normal", "Killing", kill.message());
    return stopAfterHook(life, new Step.Stop(kill.id(), kill.grace()));
  }

  /** The hook's time is taken from the container's, but for the kubelet's two seconds. */
  private CompletionStage<ContainerLife> stopAfterHook(ContainerLife life, Step.Stop stop) {
    var begun = of.now();
    var sandbox = life.current().map(i -> i.inspection().summary().sandboxId()).orElse("");
    return hooks
        .preStop(stop.id(), sandbox, stop.grace())
        .thenCompose(
            _ -> {
              var left = stop.grace().minus(Duration.between(begun, of.now()));
              return hasten(life, new Step.Stop(stop.id(), PodGrace.atLeast(left)));
            });
  }

  /** Ends what is being stopped already, within less time than it was given. */
  CompletionStage<ContainerLife> hasten(ContainerLife life, Step.Stop stop) {
    return of.services().runtime().stop(stop.id(), stop.grace()).thenCompose(_ -> looks.look(life));
  }

  /** Runs the hook of what was just launched; if it fails, that was it for the instance. */
  CompletionStage<ContainerLife> postStart(ContainerLife life) {
    var instance = life.current().orElseThrow();
    return hooks
        .postStart(instance.id(), instance.inspection().summary().sandboxId())
        .thenCompose(_ -> looks.look(life))
        .exceptionallyCompose(
            failure ->
                ContainerCalls.cause(failure) instanceof ContainerHooks.Failed failed
                    ? endAfter(failed, instance, life)
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<ContainerLife> endAfter(
      ContainerHooks.Failed failed, Instance instance, ContainerLife life) {
    var waiting = new Waiting("PostStartHookError: " + failed.reason(), failed.getMessage());
    return kill(
            life, new Step.Kill(instance.id(), PodGrace.of(of.pod()), "FailedPostStartHook", true))
        .thenApply(ended -> ended.set(Optional.of(Setback.ofContainer(waiting, of.now()))));
  }
}
