package dev.jkubelet.app.kamon;

import dev.jkubelet.app.actors.DispatcherPool;
import java.util.function.ToDoubleFunction;
import kamon.Kamon;
import kamon.metric.Gauge;
import org.apache.pekko.actor.ActorSystem;

/** How busy the threads are that run actors, read from their pools now and then. */
final class Dispatchers {
  private Dispatchers() {}

  static void measure(ActorSystem system) {
    for (var pool : DispatcherPool.of(system)) {
      gauge("dispatcher.threads", "Threads of a dispatcher", pool, DispatcherPool::threads);
      gauge("dispatcher.active", "Threads at work", pool, DispatcherPool::active);
      gauge("dispatcher.queued", "Tasks that wait for a thread", pool, DispatcherPool::queued);
    }
  }

  private static void gauge(
      String metric,
      String description,
      DispatcherPool pool,
      ToDoubleFunction<DispatcherPool> value) {
    Kamon.gauge(metric, description)
        .withTag("dispatcher", pool.dispatcher())
        .autoUpdate((Gauge gauge) -> gauge.update(value.applyAsDouble(pool)));
  }
}
