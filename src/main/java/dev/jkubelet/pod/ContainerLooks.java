package dev.jkubelet.pod;

import dev.jkubelet.pod.ContainerLife.Instance;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.RuntimeEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/** What the engine has of one container: its instances, and what became of them. */
record ContainerLooks(PodsContainer of, ActorSystem<?> system) {
  private static final Comparator<ContainerSummary> NEWEST_FIRST =
      Comparator.comparingInt(ContainerSummary::attempt)
          .thenComparing(ContainerSummary::createdAt)
          .reversed();

  /** As the kubelet reports a container whose end nobody saw. */
  private static final int LOST_EXIT_CODE = 137;

  CompletionStage<ContainerLife> observe(ContainerLife life) {
    return of.services()
        .runtime()
        .list(of.podUid())
        .thenCompose(
            all ->
                observe(
                    life,
                    all.stream()
                        .filter(s -> s.type() == ContainerType.CONTAINER)
                        .filter(s -> s.name().equals(of.name()))
                        .toList()));
  }

  /** Inspects the newest two of {@code instances}; what else lives is one too many. */
  CompletionStage<ContainerLife> observe(ContainerLife life, List<ContainerSummary> instances) {
    var sorted = instances.stream().sorted(NEWEST_FIRST).toList();
    if (sorted.isEmpty()) {
      return CompletableFuture.completedStage(
          life.observed(life.current().map(this::lost), life.previous(), List.of()));
    }
    var newest = sorted.getFirst();
    var before = sorted.stream().skip(1).findFirst().filter(s -> !Hints.live(s));
    var strays = sorted.stream().skip(1).filter(Hints::live).map(ContainerSummary::id).toList();
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
                ContainerCalls.cause(failure) instanceof EngineException.NotFound
                    ? observe(life)
                    : CompletableFuture.failedStage(failure));
  }

  private void tellOfKill(Instance before, Instance now) {
    if (!before.inspection().oomKilled() && now.dead() && now.inspection().oomKilled()) {
      of.record(
          "Warning",
          "OOMKilling",
          "Container %s ran out of memory and was killed by the kernel".formatted(of.name()));
    }
  }

  CompletionStage<Instance> inspect(String id) {
    return of.services()
        .runtime()
        .inspect(id)
        .thenCompose(
            inspection ->
                inspection.state() == ContainerState.EXITED
                    ? LastWords.of(inspection, of.services().files(), system)
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
            Optional.of(of.now()),
            last.ips(),
            Optional.empty(),
            Optional.empty(),
            last.resources(),
            last.labels()),
        Optional.of("The container could not be located when it was last looked at"));
  }
}
