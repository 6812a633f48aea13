package dev.jkubelet.app;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.event.NodeEvents;
import dev.jkubelet.node.eviction.Evictor;
import dev.jkubelet.node.gc.ContainerCollector;
import dev.jkubelet.node.gc.GarbageCollector;
import dev.jkubelet.node.pressure.HostLevels;
import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.node.pressure.PressureObserver;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.pod.PodServices;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.stats.NodeStats;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Those who see to it that the node does not run short of anything. */
final class GuardWiring {
  /** Removing images takes as long as it takes; by then there is another round. */
  private static final Duration COLLECTION = Duration.ofMinutes(2);

  private final KubeletOptions options;
  private final PodServices services;
  private final ActorRef<NodeActor.Command> node;
  private final NodeStats stats;
  private final HostLevels levels;
  private final Clock clock;

  GuardWiring(
      KubeletOptions options,
      PodServices services,
      ActorRef<NodeActor.Command> node,
      NodeStats stats,
      BlockingCalls calls,
      Clock clock) {
    this.options = options;
    this.services = services;
    this.node = node;
    this.stats = stats;
    this.levels = new HostLevels(options.node().rootDir(), services.runtime(), calls);
    this.clock = clock;
  }

  /**
   * Who removes dead containers, and images that nobody uses.
   *
   * @return that of images
   */
  ActorRef<GarbageCollector.Command> spawnCollectors(ActorContext<?> context, NodeEvents events) {
    context.spawn(
        ContainerCollector.create(options.engine().deadContainers(), services.runtime(), clock),
        "container-collector");
    var machine =
        new GarbageCollector.Machine(
            services.runtime(),
            services.settings().infraImage(),
            node,
            () ->
                levels
                    .get()
                    .thenApply(all -> Optional.ofNullable(all.get(Signal.IMAGEFS_AVAILABLE))));
    return context.spawn(
        GarbageCollector.create(options.engine().imageGarbage(), machine, events, clock),
        "garbage-collector");
  }

  /**
   * Who watches what the node has left, and who evicts pods before it is nothing. Only a node of a
   * cluster does: pods of its own manifests are all critical.
   *
   * @param pressures hears of changes
   */
  void spawnEvictor(
      ActorContext<?> context,
      KubeletOptions.Cluster cluster,
      ActorRef<GarbageCollector.Command> garbage,
      NodeEvents events,
      Consumer<NodePressures> pressures) {
    var scheduler = context.getSystem().scheduler();
    var machine =
        new Evictor.Machine(
            stats::latest,
            levels,
            () ->
                AskPattern.<GarbageCollector.Command, Done>ask(
                        garbage, GarbageCollector.FreeAll::new, COLLECTION, scheduler)
                    .thenAccept(_ -> {}));
    var evictor =
        context.spawn(Evictor.create(cluster.eviction(), machine, node, events, clock), "evictor");
    context.spawn(
        PressureObserver.create(
            new PressureObserver.Settings(
                options.node().resources().evictionHard(),
                cluster.evictionSoft(),
                cluster.pressureTransition()),
            levels,
            clock,
            newest -> {
              node.tell(new NodeActor.SetPressures(newest));
              pressures.accept(newest);
            },
            all -> evictor.tell(new Evictor.Measured(all))),
        "node-pressures");
  }
}
