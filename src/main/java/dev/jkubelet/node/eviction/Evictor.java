package dev.jkubelet.node.eviction;

import dev.jkubelet.model.OomScore;
import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.event.NodeEvents;
import dev.jkubelet.node.pressure.Level;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.pod.PodActor;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.stats.NodeSnapshot;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Ends pods so that the others and the node live: those that have more on disk than they may, and,
 * one after the other, those that are the first to go while the node is short of something.
 */
public final class Evictor extends AbstractMatchingBehavior<Evictor.Command> {
  /** What it can be told. */
  public sealed interface Command {}

  /** What the node has left, each time that was looked at. */
  public record Measured(Map<Signal, Level> levels) implements Command {}

  private record Pods(Map<Signal, Level> levels, List<PodSnapshot> all) implements Command {}

  private record Reclaimed(Map<Signal, Level> levels) implements Command {}

  private record Failed(Throwable cause) implements Command {}

  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** As long as the kubelet waits for the end of a pod before it evicts another. */
  private static final Duration CLEANUP = Duration.ofSeconds(30);

  private static final Set<Signal> OF_DISKS =
      Set.of(
          Signal.NODEFS_AVAILABLE,
          Signal.NODEFS_INODES_FREE,
          Signal.IMAGEFS_AVAILABLE,
          Signal.IMAGEFS_INODES_FREE);

  private final Settings settings;
  private final Machine machine;
  private final ActorRef<NodeActor.Command> node;
  private final NodeEvents events;
  private final Clock clock;
  private MetThresholds met = MetThresholds.NONE;
  private Optional<Evicted> last = Optional.empty();
  private boolean busy;
  private boolean reclaimed;

  private record Evicted(String uid, Instant at) {}

  /**
   * When pods are evicted, and how.
   *
   * @param maxGrace the longest that a pod has to end when a soft threshold is met
   */
  public record Settings(List<EvictionThreshold> thresholds, Duration maxGrace) {}

  /**
   * What it works with.
   *
   * @param stats what pods use
   * @param levels what the node has left, looked at anew
   * @param reclaim removes what nobody needs from the disks
   */
  public record Machine(
      Supplier<NodeSnapshot> stats,
      Supplier<CompletionStage<Map<Signal, Level>>> levels,
      Supplier<CompletionStage<Void>> reclaim) {}

  private Evictor(
      ActorContext<Command> context,
      Settings settings,
      Machine machine,
      ActorRef<NodeActor.Command> node,
      NodeEvents events,
      Clock clock) {
    super(context);
    context.setLoggerName(Evictor.class);
    this.settings = settings;
    this.machine = machine;
    this.node = node;
    this.events = events;
    this.clock = clock;
  }

  /** Does nothing until it is told how things are. */
  public static Behavior<Command> create(
      Settings settings,
      Machine machine,
      ActorRef<NodeActor.Command> node,
      NodeEvents events,
      Clock clock) {
    return Behaviors.setup(context -> new Evictor(context, settings, machine, node, events, clock));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Measured(var levels) -> {
        if (!busy) {
          busy = true;
          reclaimed = false;
          askForPods(levels);
        }
      }
      case Pods(var levels, var all) -> decide(levels, all);
      case Reclaimed(var levels) -> {
        reclaimed = true;
        askForPods(levels);
      }
      case Failed(var cause) -> {
        getContext().getLog().warn("nothing is evicted now: {}", cause.toString());
        busy = false;
      }
    }
    return this;
  }

  private void askForPods(Map<Signal, Level> levels) {
    getContext()
        .pipeToSelf(
            AskPattern.<NodeActor.Command, List<PodSnapshot>>ask(
                node, NodeActor.GetPods::new, ANSWER, getContext().getSystem().scheduler()),
            (all, failure) -> failure == null ? new Pods(levels, all) : new Failed(failure));
  }

  private void decide(Map<Signal, Level> levels, List<PodSnapshot> all) {
    var now = clock.instant();
    var usage = PodUsage.of(machine.stats().get());
    boolean ownImageDisk = ownImageDisk(levels);
    var pods = all.stream().filter(Evictor::active).map(PodSnapshot::pod).toList();
    met = met.seen(settings.thresholds(), levels, now);
    busy = false;
    if (evictBeyondLimits(pods, usage, ownImageDisk) || waits(all, now)) {
      return;
    }
    met.due(now).ifPresent(threshold -> act(threshold, pods, usage, ownImageDisk, now));
    met = met.actedUpon(now);
  }

  /** Two file systems of the same size with the same room are one. */
  private static boolean ownImageDisk(Map<Signal, Level> levels) {
    var images = levels.get(Signal.IMAGEFS_AVAILABLE);
    return images != null && !images.equals(levels.get(Signal.NODEFS_AVAILABLE));
  }

  private boolean evictBeyondLimits(
      List<Pod> pods, Map<String, PodUsage> usage, boolean ownImageDisk) {
    boolean any = false;
    for (var pod : pods) {
      var why =
          Optional.ofNullable(usage.get(pod.getMetadata().getUid()))
              .flatMap(used -> StorageLimits.exceeded(pod, used, ownImageDisk));
      if (why.isPresent() && !OomScore.isCritical(pod)) {
        evict(pod, Duration.ZERO, why.get());
        any = true;
      }
    }
    return any;
  }

  /** Whether the pod that was evicted last is still ending. */
  private boolean waits(List<PodSnapshot> all, Instant now) {
    return last.filter(evicted -> now.isBefore(evicted.at().plus(CLEANUP)))
        .filter(
            evicted ->
                all.stream()
                    .filter(s -> s.pod().getMetadata().getUid().equals(evicted.uid()))
                    .anyMatch(Evictor::lives))
        .isPresent();
  }

  private static boolean lives(PodSnapshot snapshot) {
    return snapshot.containers().values().stream()
        .anyMatch(
            container -> container.current().filter(instance -> instance.running()).isPresent());
  }

  private static boolean active(PodSnapshot snapshot) {
    var status = snapshot.pod().getStatus();
    return status != null
        && !"Failed".equals(status.getPhase())
        && !"Succeeded".equals(status.getPhase());
  }

  private void act(
      EvictionThreshold threshold,
      List<Pod> pods,
      Map<String, PodUsage> usage,
      boolean ownImageDisk,
      Instant now) {
    var signal = threshold.signal();
    if (!reclaimed) {
      events.record(
          "Warning",
          "EvictionThresholdMet",
          "Attempting to reclaim " + EvictionRanking.resource(signal));
    }
    if (OF_DISKS.contains(signal) && !reclaimed) {
      reclaim();
      return;
    }
    var ranking = new EvictionRanking(usage, ownImageDisk);
    ranking.rank(pods, signal).stream()
        .filter(pod -> !OomScore.isCritical(pod))
        .findFirst()
        .ifPresentOrElse(
            pod -> {
              last = Optional.of(new Evicted(pod.getMetadata().getUid(), now));
              var grace = threshold.hard() ? Duration.ZERO : settings.maxGrace();
              evict(pod, grace, ranking.message(pod, signal));
            },
            () -> getContext().getLog().warn("short of {}, but no pod may be evicted", signal));
  }

  private void reclaim() {
    busy = true;
    getContext()
        .pipeToSelf(
            machine.reclaim().get().handle((_, _) -> null).thenCompose(_ -> machine.levels().get()),
            (levels, failure) -> failure == null ? new Reclaimed(levels) : new Failed(failure));
  }

  private void evict(Pod pod, Duration grace, String message) {
    getContext().getLog().warn("evicting {}: {}", pod.getMetadata().getName(), message);
    node.tell(
        new NodeActor.TellPod(
            pod.getMetadata().getUid(), new PodActor.Evict("Evicted", message, grace)));
  }
}
