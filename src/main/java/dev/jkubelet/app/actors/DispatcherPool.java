package dev.jkubelet.app.actors;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Dispatcher;

/** The threads of one dispatcher, which run actors. */
public record DispatcherPool(String dispatcher, ExecutorService executor) {
  private static final List<String> IDS =
      List.of(
          "pekko.actor.default-dispatcher",
          "pekko.actor.internal-dispatcher",
          "pekko.actor.default-blocking-io-dispatcher");

  /** Those of {@code system}. */
  public static List<DispatcherPool> of(ActorSystem system) {
    return IDS.stream()
        .flatMap(
            id ->
                system.dispatchers().lookup(id) instanceof Dispatcher found
                    ? Stream.of(
                        new DispatcherPool(
                            id.substring(id.lastIndexOf('.') + 1),
                            found.executorService().executor()))
                    : Stream.empty())
        .toList();
  }

  public double threads() {
    return switch (executor) {
      case ForkJoinPool forks -> forks.getPoolSize();
      case ThreadPoolExecutor threads -> threads.getPoolSize();
      default -> 0;
    };
  }

  /** Threads at work. */
  public double active() {
    return switch (executor) {
      case ForkJoinPool forks -> forks.getActiveThreadCount();
      case ThreadPoolExecutor threads -> threads.getActiveCount();
      default -> 0;
    };
  }

  /** Tasks that wait for a thread. */
  public double queued() {
    return switch (executor) {
      case ForkJoinPool forks -> forks.getQueuedTaskCount() + forks.getQueuedSubmissionCount();
      case ThreadPoolExecutor threads -> threads.getQueue().size();
      default -> 0;
    };
  }
}
