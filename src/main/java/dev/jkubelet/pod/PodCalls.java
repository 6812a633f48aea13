package dev.jkubelet.pod;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.pod.Habitat.Ground;
import dev.jkubelet.pod.PodLife.Sandbox;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.EngineException;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The deeds of a pod as a whole, each answered with what changed in what is known. */
final class PodCalls {
  private static final Comparator<ContainerSummary> NEWEST_FIRST =
      Comparator.comparingInt(ContainerSummary::attempt)
          .thenComparing(ContainerSummary::createdAt)
          .reversed();

  private static final Duration RENEWAL_RETRY = Duration.ofSeconds(30);
  private static final Duration SANDBOX_GRACE = Duration.ofSeconds(2);

  private final Pod pod;
  private final PodKey key;
  private final PodServices services;
  private final SandboxCalls sandboxes;

  PodCalls(Pod pod, PodServices services) {
    this.pod = pod;
    this.key = PodKey.of(pod);
    this.services = services;
    this.sandboxes = new SandboxCalls(pod, services);
  }

  /** What the engine has of this pod. */
  record Observation(Optional<Sandbox> sandbox, List<ContainerSummary> containers) {
    static final Observation NOTHING = new Observation(Optional.empty(), List.of());

    List<ContainerSummary> of(String name) {
      return containers.stream().filter(s -> s.name().equals(name)).toList();
    }
  }

  PodKey key() {
    return key;
  }

  Duration grace() {
    return PodGrace.of(pod);
  }

  CompletionStage<Observation> observe() {
    return services
        .runtime()
        .list(key.uid())
        .thenCompose(
            all -> {
              var byType =
                  all.stream()
                      .collect(Collectors.partitioningBy(s -> s.type() == ContainerType.SANDBOX));
              var found = byType.get(true).stream().sorted(NEWEST_FIRST).toList();
              found.stream().skip(1).forEach(old -> services.runtime().remove(old.id()));
              var newest =
                  found.isEmpty()
                      ? CompletableFuture.completedStage(Optional.<Sandbox>empty())
                      : sandboxes.inspect(found.getFirst().id()).thenApply(Optional::of);
              return newest.thenApply(s -> new Observation(s, byType.get(false)));
            });
  }

  /**
   * The cgroup and the volumes; neither needs the other. A pod that has them keeps what it has when
   * they can't be renewed.
   */
  CompletionStage<Function<PodLife, PodLife>> setUp(PodLife life) {
    var made = ground(Room.all(pod, life));
    return life.ground().isEmpty() ? made : made.exceptionally(failure -> kept(failure, life));
  }

  private CompletionStage<Function<PodLife, PodLife>> ground(Map<String, Room> rooms) {
    return services
        .cgroups()
        .ensure(Room.with(rooms, pod))
        .thenCombine(
            services.spans().step(pod, "", Spans.VOLUMES, () -> services.volumes().setUp(pod)),
            (parent, mounted) ->
                (Function<PodLife, PodLife>)
                    life -> life.on(new Ground(parent, mounted.paths(), rooms), mounted.renewAt()))
        .thenCombine(services.files().prepare(pod), (on, _) -> on);
  }

  private Function<PodLife, PodLife> kept(Throwable failure) {
    warn("FailedUnMount", ContainerCalls.cause(failure).getMessage());
    return life -> life.after(Setback.ofEngine(life.setback(), services.clock().instant()));
  }

  private Function<PodLife, PodLife> kept(Throwable failure, PodLife life) {
    warn("FailedMount", ContainerCalls.cause(failure).getMessage());
    var again = services.clock().instant().plus(RENEWAL_RETRY);
    var ground = life.ground().orElseThrow();
    var same = new Ground(ground.cgroupParent(), ground.volumes(), Room.all(pod, life));
    return known -> known.on(same, Optional.of(again));
  }

  /**
   * @param made hears of the habitat to be, still without addresses, while the sandbox is started
   */
  CompletionStage<Function<PodLife, PodLife>> startSandbox(
      int attempt, PodLife life, Consumer<Habitat> made) {
    var ground = life.ground().orElseThrow();
    return services
        .spans()
        .step(
            pod,
            "",
            Spans.SANDBOX,
            () ->
                life.sandbox()
                    .map(this::replace)
                    .orElseGet(() -> CompletableFuture.completedStage(null))
                    .thenCompose(_ -> sandboxes.run(attempt, ground, made)))
        .thenApply(sandbox -> known -> known.observed(Optional.of(sandbox)));
  }

  /** Also a dead one holds the pod's addresses and ports until it is stopped. */
  private CompletionStage<Void> replace(Sandbox former) {
    tell("Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
    var runtime = services.runtime();
    return runtime.stop(former.id(), SANDBOX_GRACE).thenRun(() -> runtime.remove(former.id()));
  }

  CompletionStage<Function<PodLife, PodLife>> stopSandbox(String id) {
    return services.runtime().stop(id, SANDBOX_GRACE).thenApply(_ -> PodLife::forgotten);
  }

  CompletionStage<Function<PodLife, PodLife>> releaseVolumes() {
    return services
        .volumes()
        .release(key.uid())
        .handle((_, failure) -> failure == null ? PodLife::released : kept(failure));
  }

  CompletionStage<Void> remove(Optional<Duration> grace) {
    return new PodRemoval(key, services).run(grace);
  }

  /** Also where the kubelet's events about a pod's failing ground come from. */
  PodLife afterFailure(PodLife life, Throwable failure) {
    var cause = ContainerCalls.cause(failure);
    switch (cause) {
      case EngineException.Unavailable _, EngineException.TimedOut _ -> {}
      case EngineException.NetworkNotReady none -> {
        warn("NetworkNotReady", "network is not ready: " + none.getMessage());
        return soonAgain(life);
      }
      case EngineException refusal ->
          warn("FailedCreatePodSandBox", "Failed to create pod sandbox: " + refusal.getMessage());
      default ->
          warn(
              life.ground().isEmpty() ? "FailedMount" : "FailedCreatePodSandBox",
              cause.getMessage());
    }
    return life.after(Setback.ofEngine(life.setback(), services.clock().instant()));
  }

  /** There may be a network at any moment; while none is made, only a former sandbox changes. */
  private PodLife soonAgain(PodLife life) {
    var soon = Setback.ofEngine(Optional.empty(), services.clock().instant());
    return life.sandbox().isEmpty() ? life.set(Optional.of(soon)) : life.after(soon);
  }

  /**
   * @param eviction why the pod failed as a whole, if it did
   */
  PodStatus status(PodLife life, PodStatus last, Optional<Waiting> eviction) {
    var now = services.clock().instant();
    var verdict = eviction.or(() -> PodDeadline.verdict(pod, last, now));
    return PodStatuses.of(pod, life, last, services.settings().hostIp(), verdict, now);
  }

  PodSnapshot snapshot(PodLife life, PodStatus status) {
    return new PodSnapshot(
        new PodBuilder(pod).withStatus(status).build(),
        life.containers().values().stream()
            .map(report -> ContainerSnapshots.of(report.name(), report.life()))
            .collect(Collectors.toUnmodifiableMap(ContainerSnapshot::name, Function.identity())));
  }

  private void warn(String reason, String message) {
    tell("Warning", reason, message);
  }

  private void tell(String type, String reason, String message) {
    services.events().record(pod, "", type, reason, message);
  }
}
