package dev.jkubelet.app.kamon;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.ToDoubleFunction;
import kamon.Kamon;
import kamon.metric.Gauge;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Dispatcher;

/** How busy the threads are that run actors, read from their pools now and then. */
final class Dispatchers {
  private static final List<String> IDS =
      List.of(
          "pekko.actor.default-dispatcher",
          "pekko.actor.internal-dispatcher",
          "pekko.actor.default-blocking-io-dispatcher");

  private Dispatchers() {}

  static void measure(ActorSystem system) {
    for (var id : IDS) {
      if (system.dispatchers().lookup(id) instanceof Dispatcher dispatcher) {
        measure(id.substring(id.lastIndexOf('.') + 1), dispatcher.executorService().executor());
      }
    }
  }

  private static void measure(String name, ExecutorService pool) {
    gauge("dispatcher.threads", "Threads of a dispatcher", name, pool, Dispatchers::threads);
    gauge("dispatcher.active", "Threads at work", name, pool, Dispatchers::active);
    gauge("dispatcher.queued", "Tasks that wait for a thread", name, pool, Dispatchers::queued);
  }

  private static void gauge(
      String metric,
      String description,
      String dispatcher,
      ExecutorService pool,
      ToDoubleFunction<ExecutorService> value) {
    Kamon.gauge(metric, description)
        .withTag("dispatcher", dispatcher)
        .autoUpdate((Gauge gauge) -> gauge.update(value.applyAsDouble(pool)));
  }

  private static double threads(ExecutorService pool) {
    return switch (pool) {
      case ForkJoinPool forks -> forks.getPoolSize();
      case ThreadPoolExecutor threads -> threads.getPoolSize();
      default -> 0;
    };
  }

  private static double active(ExecutorService pool) {
    return switch (pool) {
      case ForkJoinPool forks -> forks.getActiveThreadCount();
      case ThreadPoolExecutor threads -> threads.getActiveCount();
      default -> 0;
    };
  }

  private static double queued(ExecutorService pool) {
    return switch (pool) {
      case ForkJoinPool forks -> forks.getQueuedTaskCount() + forks.getQueuedSubmissionCount();
      case ThreadPoolExecutor threads -> threads.getQueue().size();
      default -> 0;
    };
  }
}
