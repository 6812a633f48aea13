package dev.jkubelet.runtime.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after followed logs: takes hold of files as they are begun, and tells followers when there
 * is more to read. One thread for all, a {@code stat} per look, and none when nobody follows. It
 * looks every millisecond where lines came a moment ago, since small files are rotated away in a
 * few, and ever more seldom where none come. Where none have come for long inotify makes up for it,
 * so that the start of a burst isn't lost either; only there, since a busy container would wake it
 * up for every single line.
 */
final class GrowthWatch {
  static final GrowthWatch SHARED = new GrowthWatch();

  static final long SHORTEST = Duration.ofMillis(1).toNanos();

  /** The longest a line waits where there is no inotify. */
  static final long LONGEST = Duration.ofMillis(50).toNanos();

  /** Where inotify tells, looking is for its mistakes. */
  static final long WHEN_TOLD = Duration.ofSeconds(1).toNanos();

  private final Set<Followed> followed = ConcurrentHashMap.newKeySet();
  private Optional<Thread> watcher = Optional.empty();

  /** Looks after a log until {@link #leave}. */
  synchronized void join(Followed log) {
    followed.add(log);
    if (watcher.isEmpty()) {
      // Not a virtual thread: those that decode lines don't give way.
      watcher = Optional.of(Thread.ofPlatform().daemon().name("log-growth").start(this::watch));
    }
    lookNow();
  }

  void leave(Followed log) {
    followed.remove(log);
  }

  private void watch() {
    try (var events = new DirectoryEvents(this::onEvent)) {
      do {
        long pause = WHEN_TOLD;
        for (var log : followed) {
          pause = Math.min(pause, log.look(events));
        }
        LockSupport.parkNanos(pause);
      } while (goOn());
    }
  }

  private void onEvent(Path folder) {
    for (var log : followed) {
      log.onEvent(folder);
    }
    lookNow();
  }

  /** For a log whose time to be looked at has come earlier than it said. */
  synchronized void lookNow() {
    watcher.ifPresent(LockSupport::unpark);
  }

  private synchronized boolean goOn() {
    if (followed.isEmpty()) {
      watcher = Optional.empty();
    }
    return watcher.isPresent();
  }
}
