package dev.jkubelet.node.mirror;

import dev.jkubelet.cluster.ApiFailure;
import dev.jkubelet.cluster.PodsApi;
import dev.jkubelet.cluster.RetryDelay;
import dev.jkubelet.node.PodReport.Statics;
import dev.jkubelet.node.mirror.MirrorPlan.Step;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Static pods as the API server shows them: a mirror pod for each, made anew when somebody deletes
 * it, replaced when its manifest changes, deleted with it. What becomes of a mirror changes nothing
 * for its static pod. One call per pod at a time.
 */
public final class MirrorPods extends AbstractMatchingBehavior<MirrorPods.Command> {
  /** By which a mirror pod is known; its value is the manifest's hash. */
  public static final String ANNOTATION = "kubernetes.io/config.mirror";

  /** What it can be told. */
  public sealed interface Command {}

  /** What the node has of static pods. */
  public record SetStatics(Statics statics) implements Command {}

  /** The whole set of mirror pods that the API server has for this node. */
  public record SetMirrors(List<Pod> all) implements Command {}

  /** This node's object; empty when it is not there, or not any more. */
  public record SetNode(Optional<Node> node) implements Command {}

  private record Created(String name, Pod mirror) implements Command {}

  private record Deleted(String name) implements Command {}

  private record Failed(String name, Throwable cause) implements Command {}

  private record Due(String name) implements Command {}

  private static final RetryDelay RETRY =
      new RetryDelay(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** In which the new mirror should have come back as one of all. */
  private static final Duration SETTLING = Duration.ofSeconds(1);

  private final TimerScheduler<Command> timers;
  private final PodsApi api;
  private final Map<String, Integer> failures = new HashMap<>();
  private final Set<String> held = new HashSet<>();
  private Optional<Statics> statics = Optional.empty();
  private Optional<Map<String, Pod>> mirrors = Optional.empty();
  private Optional<Node> node = Optional.empty();

  private MirrorPods(ActorContext<Command> context, TimerScheduler<Command> timers, PodsApi api) {
    super(context);
    this.timers = timers;
    this.api = api;
  }

  /** Does nothing before it knows the static pods, the mirrors and the node. */
  public static Behavior<Command> create(PodsApi api) {
    return Behaviors.setup(
        context -> {
          context.setLoggerName(MirrorPods.class);
          return Behaviors.withTimers(timers -> new MirrorPods(context, timers, api));
        });
  }

  /** Whether the API server's pod stands for a static one. */
  public static boolean isMirror(Pod pod) {
    var annotations = pod.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(ANNOTATION);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case SetStatics(var newest) -> statics = Optional.of(newest);
      case SetMirrors(var all) ->
          mirrors =
              Optional.of(
                  new HashMap<>(
                      all.stream()
                          .collect(Collectors.toMap(MirrorPlan::name, p -> p, (_, b) -> b))));
      case SetNode(var newest) -> node = newest;
      case Created(var name, var mirror) -> {
        mirrors.orElseThrow().put(name, mirror);
        failures.remove(name);
        hold(name, SETTLING);
      }
      case Deleted(var name) -> {
        mirrors.orElseThrow().remove(name);
        failures.remove(name);
        held.remove(name);
      }
      case Failed(var name, var cause) -> onFailed(name, cause);
      case Due(var name) -> held.remove(name);
    }
    if (statics.isPresent() && mirrors.isPresent()) {
      MirrorPlan.steps(statics.get(), mirrors.get(), node).forEach(this::perform);
    }
    return this;
  }

  private void perform(String name, Step step) {
    if (!held.add(name)) {
      return;
    }
    switch (step) {
      case Step.Create(var mirror) ->
          getContext()
              .pipeToSelf(
                  api.create(mirror),
                  (created, failure) ->
                      failure == null ? new Created(name, created) : new Failed(name, failure));
      case Step.Delete(var mirror) ->
          getContext()
              .pipeToSelf(
                  api.delete(mirror, Duration.ZERO),
                  (_, failure) -> failure == null ? new Deleted(name) : new Failed(name, failure));
    }
  }

  private void onFailed(String name, Throwable cause) {
    int count = failures.merge(name, 1, Integer::sum);
    ApiFailure failure = RetryDelay.ofFailure(cause);
    if (count == 1 && !failure.alreadyExists()) {
      getContext().getLog().warn("mirror pod {}: {}", name, failure.getMessage());
    }
    hold(name, RETRY.after(count, cause));
  }

  /** Nothing is done about it for that long. */
  private void hold(String name, Duration length) {
    held.add(name);
    timers.startSingleTimer(name, new Due(name), length);
  }
}
