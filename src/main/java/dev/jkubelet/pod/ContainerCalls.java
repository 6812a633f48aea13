package dev.jkubelet.pod;

import dev.jkubelet.image.PullOutcome;
import dev.jkubelet.model.Backoff;
import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.hash.ContainerHash;
import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.pod.ContainerSteps.Outlook;
import dev.jkubelet.pod.ContainerSteps.Step;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.RuntimeEvent;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The deeds of one container: each a call or a few to the engine, answered with what is known
 * afterwards.
 */
final class ContainerCalls {
  private static final Comparator<ContainerSummary> NEWEST_FIRST =
      Comparator.comparingInt(ContainerSummary::attempt)
          .thenComparing(ContainerSummary::createdAt)
          .reversed();

  /** As the kubelet reports a container whose end nobody saw. */
  private static final int LOST_EXIT_CODE = 137;

  private static final Set<String> STATIC = Set.of("file", "http");

  private final Pod pod;
  private final Container container;
  private final PodServices services;
  private final ActorSystem<?> system;
  private final ContainerHooks hooks;
  private final RestartRule rule;

  ContainerCalls(Pod pod, Container container, PodServices services, ActorSystem<?> system) {
    this.pod = pod;
    this.container = container;
    this.services = services;
    this.system = system;
    this.hooks = new ContainerHooks(system, pod, container, services);
    this.rule = RestartRule.of(pod, container);
  }

  String name() {
    return container.getName();
  }

  Container container() {
    return container;
  }

  Pod pod() {
    return pod;
  }

  PodServices services() {
    return services;
  }

  ContainerHooks hooks() {
    return hooks;
  }

  RestartRule rule() {
    return rule;
  }

  Duration grace() {
    return PodGrace.of(pod);
  }

  /**
   * Of the spec that is wanted. Empty for a static pod: with another spec it is another pod, so its
   * containers, whoever made them, need not be compared.
   */
  Optional<String> definition() {
    return STATIC.contains(Optional.ofNullable(source()).orElse(""))
        ? Optional.empty()
        : Optional.of(ContainerHash.of(container));
  }

  private String source() {
    var annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get("kubernetes.io/config.source");
  }

  Instant now() {
    return services.clock().instant();
  }

  Backoff nextBackoff(ContainerLife life) {
    var now = now();
    return Backoff.next(life.backoff(), life.current().map(Instance::finishedAt).orElse(now), now);
  }

  CompletionStage<ContainerLife> observe(ContainerLife life) {
    return services
        .runtime()
        .list(pod.getMetadata().getUid())
        .thenCompose(
            all ->
                observe(
                    life,
                    all.stream()
                        .filter(s -> s.type() == ContainerType.CONTAINER)
                        .filter(s -> s.name().equals(name()))
                        .toList()));
  }

  /** Inspects the newest two of {@code instances}; what else there is, is one too many. */
  CompletionStage<ContainerLife> observe(ContainerLife life, List<ContainerSummary> instances) {
    var sorted = instances.stream().sorted(NEWEST_FIRST).toList();
    if (sorted.isEmpty()) {
      return CompletableFuture.completedStage(
          life.observed(life.current().map(this::lost), life.previous(), List.of()));
    }
    var newest = sorted.getFirst();
    var before = sorted.stream().skip(1).findFirst().filter(s -> !Hints.live(s));
    var strays =
        sorted.stream()
            .skip(1)
            .filter(s -> before.isEmpty() || !s.equals(before.get()))
            .map(ContainerSummary::id)
            .toList();
    return inspect(newest.id())
        .thenCombine(
            before
                .map(s -> inspect(s.id()).thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.completedStage(Optional.empty())),
            (current, previous) -> life.observed(Optional.of(current), previous, strays));
  }

  /** Looks at what an event speaks of, if that is news: the current instance, or all there is. */
  Optional<CompletionStage<ContainerLife>> lookAfter(RuntimeEvent event, ContainerLife life) {
    boolean current = life.current().filter(i -> i.id().equals(event.containerId())).isPresent();
    return Hints.worthALook(event, life)
        ? Optional.of(current ? look(life) : observe(life))
        : Optional.empty();
  }

  /** Looks at all there is, if the engine's list tells anything new. */
  Optional<CompletionStage<ContainerLife>> lookAfter(
      List<ContainerSummary> listed, ContainerLife life) {
    return Hints.worthALook(listed, life) ? Optional.of(observe(life)) : Optional.empty();
  }

  CompletionStage<ContainerLife> look(ContainerLife life) {
    if (life.current().isEmpty()) {
      return observe(life);
    }
    return inspect(life.current().get().id())
        .thenApply(
            newest -> {
              tellOfKill(life.current().get(), newest);
              return life.withCurrent(newest);
            })
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof EngineException.NotFound
                    ? observe(life)
                    : CompletableFuture.failedStage(failure));
  }

  private void tellOfKill(Instance before, Instance now) {
    if (!before.inspection().oomKilled() && now.dead() && now.inspection().oomKilled()) {
      record(
          "Warning",
          "OOMKilling",
          "Container %s ran out of memory and was killed by the kernel".formatted(name()));
    }
  }

  CompletionStage<ContainerLife> removeStrays(ContainerLife life, List<String> ids) {
    return CompletableFuture.allOf(
            ids.stream()
                .map(id -> services.runtime().remove(id).toCompletableFuture())
                .toArray(CompletableFuture[]::new))
        .thenApply(_ -> life.withoutStrays());
  }

  CompletionStage<ContainerLife> stop(ContainerLife life, Step.Stop stop) {
    record("Normal", "Killing", "Stopping container " + name());
    return stopAfterHook(life, stop);
  }

  CompletionStage<ContainerLife> kill(ContainerLife life, Step.Kill kill) {
    record("Normal", "Killing", kill.message());
    return stopAfterHook(life, new Step.Stop(kill.id(), kill.grace()));
  }

  /** The hook's time is taken from the container's, but for the kubelet's two seconds. */
  private CompletionStage<ContainerLife> stopAfterHook(ContainerLife life, Step.Stop stop) {
    var begun = now();
    var sandbox = life.current().map(i -> i.inspection().summary().sandboxId()).orElse("");
    return hooks
        .preStop(stop.id(), sandbox, stop.grace())
        .thenCompose(
            _ -> {
              var left = stop.grace().minus(Duration.between(begun, now()));
              return hasten(life, new Step.Stop(stop.id(), PodGrace.atLeast(left)));
            });
  }

  /** Ends what is being stopped already, within less time than it was given. */
  CompletionStage<ContainerLife> hasten(ContainerLife life, Step.Stop stop) {
    return services.runtime().stop(stop.id(), stop.grace()).thenCompose(_ -> look(life));
  }

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
    return services
        .images()
        .ensure(
            container.getImage(),
            container.getImagePullPolicy(),
            () -> PullSecrets.find(pod, services.objects(), services.events()),
            event -> record(event.type(), event.reason(), event.message()));
  }

  private Launch.Prepared notReady(PullOutcome.Failed failed) {
    var waiting = new Waiting(failed.reason(), failed.message());
    return new Launch.Prepared.NotReady(
        waiting,
        failed.backsOff()
            ? new Waiting(
                "ImagePullBackOff", "Back-off pulling image \"" + container.getImage() + "\"")
            : waiting);
  }

  Setback setback(Launch.Prepared.NotReady refusal, ContainerLife life) {
    return refusal.failed().equals(refusal.backingOff())
        ? Setback.ofContainer(refusal.failed(), now())
        : Setback.ofPull(refusal.failed(), refusal.backingOff(), life.setback(), now());
  }

  CompletionStage<ContainerLife> launch(ContainerLife life, Step.Launch launch, Image image) {
    return processesOf()
        .thenCompose(target -> configured(launch, image, target))
        .thenCompose(this::create)
        .thenCompose(this::start)
        .thenCompose(this::inspect)
        .thenApply(life::succeededBy);
  }

  private CompletionStage<ContainerConfigs.Outcome> configured(
      Step.Launch launch, Image image, Optional<String> processesOf) {
    return services
        .files()
        .terminationLog(pod, container)
        .thenCombine(EnvReferences.find(pod, container, services.objects()), Map::entry)
        .thenCompose(
            found ->
                ContainerConfigs.of(
                    pod,
                    container,
                    launch.attempt(),
                    launch.habitat(),
                    processesOf,
                    image,
                    found.getValue(),
                    found.getKey(),
                    services.settings(),
                    services.mounts()));
  }

  /** The id of the container whose processes an ephemeral one sees, if it is to see any. */
  private CompletionStage<Optional<String>> processesOf() {
    var target = PodContainers.target(pod, name());
    return target.isEmpty()
        ? CompletableFuture.completedStage(target)
        : services
            .runtime()
            .list(pod.getMetadata().getUid())
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

  /** Runs the hook of what was just launched; if it fails, that was it for the instance. */
  CompletionStage<ContainerLife> postStart(ContainerLife life) {
    var instance = life.current().orElseThrow();
    return hooks
        .postStart(instance.id(), instance.inspection().summary().sandboxId())
        .thenCompose(_ -> look(life))
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof ContainerHooks.Failed failed
                    ? endAfter(failed, instance, life)
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<ContainerLife> endAfter(
      ContainerHooks.Failed failed, Instance instance, ContainerLife life) {
    var waiting = new Waiting("PostStartHookError: " + failed.reason(), failed.getMessage());
    return kill(life, new Step.Kill(instance.id(), grace(), "FailedPostStartHook", true))
        .thenApply(ended -> ended.set(Optional.of(Setback.ofContainer(waiting, now()))));
  }

  private CompletionStage<String> create(ContainerConfigs.Outcome outcome) {
    return switch (outcome) {
      case ContainerConfigs.ConfigFailure(var reason, var message) -> {
        record("Warning", "Failed", "Error: " + message);
        yield CompletableFuture.failedStage(new Launch.Refused(new Waiting(reason, message), null));
      }
      case ContainerConfigs.Ready(var config, var oddities) -> {
        oddities.forEach(
            oddity ->
                services
                    .events()
                    .record(pod, "", "Warning", "InvalidEnvironmentVariableNames", oddity));
        yield step(Spans.CREATE, () -> services.runtime().createContainer(config))
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    record("Normal", "Created", "Created container " + name());
                  }
                })
            .exceptionallyCompose(failure -> refuse("CreateContainerError", failure));
      }
    };
  }

  private CompletionStage<String> start(String id) {
    return step(Spans.START, () -> services.runtime().start(id))
        .thenApply(
            _ -> {
              record("Normal", "Started", "Started container " + name());
              return id;
            })
        .exceptionallyCompose(failure -> refuse("RunContainerError", failure));
  }

  /** The engine's refusal is the container's fault; its silence is not. */
  private <T> CompletionStage<T> refuse(String reason, Throwable failure) {
    var cause = cause(failure);
    return switch (cause) {
      case EngineException.Refused _, EngineException.NotFound _, EngineException.Conflict _ -> {
        record("Warning", "Failed", "Error: " + cause.getMessage());
        yield CompletableFuture.failedStage(
            new Launch.Refused(new Waiting(reason, cause.getMessage()), cause));
      }
      default -> CompletableFuture.failedStage(cause);
    };
  }

  /** Whatever the call did or did not do: the engine will be asked again, after a while. */
  ContainerLife afterFailure(ContainerLife life, Throwable failure) {
    var setback =
        cause(failure) instanceof Launch.Refused refused
            ? Setback.ofContainer(refused.waiting(), now())
            : Setback.ofEngine(life.setback(), now());
    return life.forgotten().set(Optional.of(setback));
  }

  private CompletionStage<Instance> inspect(String id) {
    return services
        .runtime()
        .inspect(id)
        .thenCompose(
            inspection ->
                inspection.state() == ContainerState.EXITED
                    ? LastWords.of(inspection, services.files(), system)
                        .thenApply(message -> new Instance(inspection, message))
                    : CompletableFuture.completedStage(new Instance(inspection, Optional.empty())));
  }

  /** An instance that somebody removed while it was known: its end was not seen. */
  private Instance lost(Instance instance) {
    if (!instance.live()) {
      return instance;
    }
    var last = instance.inspection();
    var summary = last.summary();
    return new Instance(
        new ContainerInspection(
            new ContainerSummary(
                summary.id(),
                summary.type(),
                summary.pod(),
                summary.name(),
                summary.attempt(),
                summary.sandboxId(),
                ContainerState.EXITED,
                summary.createdAt()),
            last.image(),
            last.imageId(),
            last.createdFrom(),
            0,
            LOST_EXIT_CODE,
            false,
            "",
            last.startedAt(),
            Optional.of(now()),
            last.ips(),
            Optional.empty(),
            Optional.empty(),
            last.labels()),
        Optional.of("The container could not be located when it was last looked at"));
  }

  /** Once per wait: how many there were is the event's count. */
  void foresee(Outlook before, Outlook next) {
    if (next == Outlook.BACKING_OFF && before != next) {
      record("Warning", "BackOff", "Back-off restarting failed container");
    }
  }

  private <T> CompletionStage<T> step(String name, Supplier<CompletionStage<T>> deed) {
    return services.spans().step(pod, name(), name, deed);
  }

  private void record(String type, String reason, String message) {
    services.events().record(pod, name(), type, reason, message);
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
