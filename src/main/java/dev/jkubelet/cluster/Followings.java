package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/** All that is followed, to be ended together. */
final class Followings implements AutoCloseable {
  private final ApiCalls calls;
  private final ScheduledExecutorService timer;
  private final Set<Following> open = ConcurrentHashMap.newKeySet();

  Followings(ApiCalls calls, ScheduledExecutorService timer) {
    this.calls = calls;
    this.timer = timer;
  }

  /**
   * @param selector of the query; empty for all
   */
  <T extends HasMetadata> Following follow(
      String path, String selector, Class<T> type, Follower<T> follower) {
    var reflector = Reflector.start(calls, timer, path, selector, type, follower);
    add(reflector);
    return () -> {
      open.remove(reflector);
      reflector.close();
    };
  }

  /** To be ended with the rest. */
  void add(Following following) {
    open.add(following);
  }

  @Override
  public void close() {
    open.forEach(Following::close);
    open.clear();
  }
}
