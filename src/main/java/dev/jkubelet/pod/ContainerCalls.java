package dev.jkubelet.pod;

import dev.jkubelet.model.Backoff;
import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.pod.ContainerSteps.Outlook;
import dev.jkubelet.pod.ContainerSteps.Step;
import dev.jkubelet.runtime.ContainerConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * One container as its pod has it, and its deeds: each a call or a few to the engine, answered with
 * what is known afterwards.
 */
final class ContainerCalls {
  private static final Set<String> STATIC = Set.of("file", "http");

  private final PodsContainer of;
  private final ContainerHooks hooks;
  private final RestartRule rule;
  private final ContainerLooks looks;
  private final ContainerLaunches launches;
  private final ContainerStops stops;

  ContainerCalls(Pod pod, Container container, PodServices services, ActorSystem<?> system) {
    this.of = new PodsContainer(pod, container, services);
    this.hooks = new ContainerHooks(system, pod, container, services);
    this.rule = RestartRule.of(pod, container);
    this.looks = new ContainerLooks(of, system);
    this.launches = new ContainerLaunches(of, looks);
    this.stops = new ContainerStops(of, hooks, looks);
  }

  ContainerLooks looks() {
    return looks;
  }

  ContainerLaunches launches() {
    return launches;
  }

  ContainerStops stops() {
    return stops;
  }

  String name() {
    return of.name();
  }

  Container container() {
    return of.container();
  }

  Pod pod() {
    return of.pod();
  }

  PodServices services() {
    return of.services();
  }

  ContainerHooks hooks() {
    return hooks;
  }

  RestartRule rule() {
    return rule;
  }

  Duration grace() {
    return PodGrace.of(of.pod());
  }

  /**
   * Of the spec that is wanted. Empty for a static pod: with another spec it is another pod, so its
   * containers, whoever made them, need not be compared.
   */
  Optional<Definition> definition() {
    return STATIC.contains(Optional.ofNullable(source()).orElse(""))
        ? Optional.empty()
        : Optional.of(Definition.of(of.container()));
  }

  private String source() {
    var annotations = of.pod().getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get("kubernetes.io/config.source");
  }

  /** What the spec asks the engine for now. */
  ContainerConfig.Resources resources() {
    return ContainerConfigs.resources(of.pod(), of.container(), of.services().settings());
  }

  CompletionStage<ContainerLife> resize(ContainerLife life, Step.Resize resize) {
    return of.services()
        .runtime()
        .update(resize.id(), resize.resources())
        .thenCompose(_ -> looks.look(life))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                of.record("Warning", "ResizeError", cause(failure).getMessage());
              }
            });
  }

  Instant now() {
    return of.now();
  }

  Backoff nextBackoff(ContainerLife life) {
    var now = now();
    return Backoff.next(life.backoff(), life.current().map(Instance::finishedAt).orElse(now), now);
  }

  /** Whatever the call did or did not do: the engine will be asked again, after a while. */
  ContainerLife afterFailure(ContainerLife life, Throwable failure) {
    var setback =
        cause(failure) instanceof Launch.Refused refused
            ? Setback.ofContainer(refused.waiting(), now())
            : Setback.ofEngine(life.setback(), now());
    return life.forgotten().set(Optional.of(setback));
  }

  /** Once per wait: how many there were is the event's count. */
  void foresee(Outlook before, Outlook next) {
    if (next == Outlook.BACKING_OFF && before != next) {
      of.record("Warning", "BackOff", "Back-off restarting failed container");
    }
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
