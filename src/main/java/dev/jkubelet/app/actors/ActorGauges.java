package dev.jkubelet.app.actors;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.stats.LiveGauge;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorRefWithCell;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How many actors there are, what waits for them, and how busy the threads are that run them. All
 * of it is counted when it is asked for: until then it costs nothing.
 */
public final class ActorGauges {
  private final ExtendedActorSystem system;

  private ActorGauges(ExtendedActorSystem system) {
    this.system = system;
  }

  /** Of {@code system}, and of the calls that its actors have made. */
  public static List<LiveGauge> of(ActorSystem system, BlockingCalls calls) {
    var actors = new ActorGauges((ExtendedActorSystem) system);
    var pools = DispatcherPool.of(system);
    return List.of(
        new LiveGauge(
            "jkubelet_actor_mailbox_messages",
            "Messages that wait for actors, by the kind of actor.",
            "actor",
            () -> actors.sum(ActorGauges::messages)),
        new LiveGauge(
            "jkubelet_actors",
            "Actors that live, by the kind of actor.",
            "actor",
            () -> actors.sum(_ -> 1)),
        new LiveGauge(
            "jkubelet_blocking_calls",
            "Calls that block: those that run, and those that wait until they may.",
            "state",
            () -> Map.of("running", (double) calls.running(), "waiting", (double) calls.waiting())),
        pools("active_threads", "Threads of a dispatcher at work.", pools, DispatcherPool::active),
        pools(
            "queued_tasks",
            "Tasks that wait for a thread of a dispatcher.",
            pools,
            DispatcherPool::queued),
        pools("threads", "Threads of a dispatcher.", pools, DispatcherPool::threads));
  }

  private static LiveGauge pools(
      String name,
      String help,
      List<DispatcherPool> pools,
      ToDoubleFunction<DispatcherPool> value) {
    return new LiveGauge(
        "jkubelet_dispatcher_" + name,
        help,
        "dispatcher",
        () ->
            pools.stream()
                .collect(Collectors.toMap(DispatcherPool::dispatcher, value::applyAsDouble)));
  }

  private static double messages(ActorRefWithCell actor) {
    return actor.underlying().numberOfMessages();
  }

  private Map<String, Double> sum(ToDoubleFunction<ActorRefWithCell> value) {
    var byKind = new HashMap<String, Double>();
    add(system.guardian(), value, byKind);
    return byKind;
  }

  private static void add(
      ActorRef actor, ToDoubleFunction<ActorRefWithCell> value, Map<String, Double> byKind) {
    if (actor instanceof ActorRefWithCell local) {
      byKind.merge(ActorKind.of(actor.path()), value.applyAsDouble(local), Double::sum);
      CollectionConverters.asJava(local.underlying().childrenRefs().children())
          .forEach(child -> add(child, value, byKind));
    }
  }
}
