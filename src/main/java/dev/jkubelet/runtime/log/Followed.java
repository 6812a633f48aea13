package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log that is followed, as {@link GrowthWatch} sees it. */
final class Followed {
  private static final Logger LOG = LoggerFactory.getLogger(Followed.class);

  private final HeldFiles files;
  private final Path path;
  private final AtomicReference<Optional<Waiting>> waiting =
      new AtomicReference<>(Optional.empty());
  private Optional<State> last = Optional.empty();
  private long interval = GrowthWatch.SHORTEST;
  private volatile long due = System.nanoTime();

  /** The file being written: which one, and how long. */
  record State(Object key, long size) {}

  private record Waiting(State read, Runnable grown) {}

  Followed(HeldFiles files) {
    this.files = files;
    this.path = files.newestPath();
  }

  /** Calls {@code grown} once, soon after there is more than was read. It must not block. */
  void await(State read, Runnable grown) {
    waiting.set(Optional.of(new Waiting(read, grown)));
    due = System.nanoTime();
    GrowthWatch.SHARED.lookNow();
  }

  /** Whether somebody waited; then {@code grown} will not be called. */
  boolean stopWaiting() {
    return waiting.getAndSet(Optional.empty()).isPresent();
  }

  /** Looks if it is time to, on the watch's thread only: when to look again, in ns from now. */
  long look(DirectoryEvents events) {
    long left = due - System.nanoTime();
    if (left > 0) {
      return left;
    }
    var isTold = interval == GrowthWatch.LONGEST && events.watch(path.getParent());
    long next = isTold ? GrowthWatch.WHEN_TOLD : interval;
    // Before the look, so that an event after it isn't overwritten.
    due = System.nanoTime() + next;
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return found(new State(attributes.fileKey(), attributes.size()), next);
    } catch (IOException _) {
      // Being rotated, or gone.
      interval = Math.min(2 * interval, GrowthWatch.LONGEST);
      return next;
    }
  }

  private long found(State now, long planned) {
    var changed = last.isEmpty() || !last.get().equals(now);
    if (changed) {
      collect();
    }
    var waits = waiting.get();
    if (waits.isPresent()
        && !waits.get().read().equals(now)
        && waiting.compareAndSet(waits, Optional.empty())) {
      waits.get().grown().run();
    }
    if (!changed) {
      interval = Math.min(2 * interval, GrowthWatch.LONGEST);
      return planned;
    }
    last = Optional.of(now);
    interval = GrowthWatch.SHORTEST;
    due = System.nanoTime() + interval;
    return interval;
  }

  private void collect() {
    try {
      files.collect();
    } catch (IOException failure) {
      // The reader comes across it at the end of what it has, and says so.
      LOG.debug("{}: can't open what was rotated", path, failure);
    }
  }

  void onEvent(Path folder) {
    if (folder.equals(path.getParent())) {
      due = System.nanoTime();
    }
  }
}
