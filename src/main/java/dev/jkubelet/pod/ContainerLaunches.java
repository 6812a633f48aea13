package dev.jkubelet.pod;

import dev.jkubelet.image.PullOutcome;
import dev.jkubelet.model.PodContainers;
import dev.jkubelet.pod.ContainerSteps.Step;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.Image;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** How instances of one container begin: its image, its configuration, and the engine's part. */
record ContainerLaunches(PodsContainer of, ContainerLooks looks) {
  CompletionStage<Launch.Prepared> prepare() {
    return step(Spans.PULL, this::pull)
        .thenApply(
            outcome ->
                switch (outcome) {
                  case PullOutcome.Present(var image, _) -> new Launch.Prepared.Ready(image);
                  case PullOutcome.Failed failed -> notReady(failed);
                });
  }

  private CompletionStage<PullOutcome> pull() {
    return of.services()
        .images()
        .ensure(
            of.container().getImage(),
            of.container().getImagePullPolicy(),
            () -> PullSecrets.find(of.pod(), of.services().objects(), of.services().events()),
            event -> of.record(event.type(), event.reason(), event.message()));
  }

  private Launch.Prepared notReady(PullOutcome.Failed failed) {
    var waiting = new Waiting(failed.reason(), failed.message());
    return new Launch.Prepared.NotReady(
        waiting,
        failed.backsOff()
            ? new Waiting(
                "ImagePullBackOff", "Back-off pulling image \"" + of.container().getImage() + "\"")
            : waiting);
  }

  Setback setback(Launch.Prepared.NotReady refusal, ContainerLife life) {
    return refusal.failed().equals(refusal.backingOff())
        ? Setback.ofContainer(refusal.failed(), of.now())
        : Setback.ofPull(refusal.failed(), refusal.backingOff(), life.setback(), of.now());
  }

  CompletionStage<ContainerLife> launch(ContainerLife life, Step.Launch launch, Image image) {
    return created(launch, image)
        .thenCompose(this::started)
        .thenCompose(looks::inspect)
        .thenApply(life::succeededBy);
  }

  CompletionStage<ContainerLife> make(ContainerLife life, Step.Launch launch, Image image) {
    return created(launch, image).thenCompose(looks::inspect).thenApply(life::withCurrent);
  }

  CompletionStage<ContainerLife> start(ContainerLife life, String id) {
    return started(id).thenCompose(looks::inspect).thenApply(life::withCurrent);
  }

  private CompletionStage<String> created(Step.Launch launch, Image image) {
    return processesOf()
        .thenCompose(target -> configured(launch, image, target))
        .thenCompose(this::create);
  }

  private CompletionStage<ContainerConfigs.Outcome> configured(
      Step.Launch launch, Image image, Optional<String> processesOf) {
    return of.services()
        .files()
        .terminationLog(of.pod(), of.container())
        .thenCombine(
            EnvReferences.find(of.pod(), of.container(), of.services().objects()), Map::entry)
        .thenCompose(
            found ->
                ContainerConfigs.of(
                    of.pod(),
                    of.container(),
                    launch.attempt(),
                    launch.habitat(),
                    processesOf,
                    image,
                    found.getValue(),
                    found.getKey(),
                    of.services().settings(),
                    of.services().mounts()));
  }

  /** The id of the container whose processes an ephemeral one sees, if it is to see any. */
  private CompletionStage<Optional<String>> processesOf() {
    var target = PodContainers.target(of.pod(), of.name());
    return target.isEmpty()
        ? CompletableFuture.completedStage(target)
        : of.services()
            .runtime()
            .list(of.podUid())
            .thenCompose(
                all ->
                    all.stream()
                        .filter(s -> s.name().equals(target.get()) && Hints.live(s))
                        .findFirst()
                        .map(s -> CompletableFuture.completedStage(Optional.of(s.id())))
                        .orElseGet(() -> CompletableFuture.failedStage(noTarget(target.get()))));
  }

  private static Launch.Refused noTarget(String target) {
    var message = "unable to find target container \"" + target + "\"";
    return new Launch.Refused(new Waiting("CreateContainerConfigError", message), null);
  }

  private CompletionStage<String> create(ContainerConfigs.Outcome outcome) {
    return switch (outcome) {
      case ContainerConfigs.ConfigFailure(var reason, var message) -> {
        of.record("Warning", "Failed", "Error: " + message);
        yield CompletableFuture.failedStage(new Launch.Refused(new Waiting(reason, message), null));
      }
      case ContainerConfigs.Ready(var config, var oddities) -> {
        oddities.forEach(
            oddity ->
                of.services()
                    .events()
                    .record(of.pod(), "", "Warning", "InvalidEnvironmentVariableNames", oddity));
        yield step(Spans.CREATE, () -> of.services().runtime().createContainer(config))
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    of.record("Normal", "Created", "Created container " + of.name());
                  }
                })
            .exceptionallyCompose(failure -> refuse("CreateContainerError", failure));
      }
    };
  }

  private CompletionStage<String> started(String id) {
    return step(Spans.START, () -> of.services().runtime().start(id))
        .thenApply(
            _ -> {
              of.record("Normal", "Started", "Started container " + of.name());
              return id;
            })
        .exceptionallyCompose(failure -> refuse("RunContainerError", failure));
  }

  /** The engine's refusal is the container's fault; its silence is not. */
  private <T> CompletionStage<T> refuse(String reason, Throwable failure) {
    var cause = ContainerCalls.cause(failure);
    return switch (cause) {
      case EngineException.Refused _, EngineException.NotFound _, EngineException.Conflict _ -> {
        of.record("Warning", "Failed", "Error: " + cause.getMessage());
        yield CompletableFuture.failedStage(
            new Launch.Refused(new Waiting(reason, cause.getMessage()), cause));
      }
      default -> CompletableFuture.failedStage(cause);
    };
  }

  private <T> CompletionStage<T> step(String name, Supplier<CompletionStage<T>> deed) {
    return of.services().spans().step(of.pod(), of.name(), name, deed);
  }
}
