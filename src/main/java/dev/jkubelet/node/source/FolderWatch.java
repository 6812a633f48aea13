package dev.jkubelet.node.source;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when something at a path may have changed, by inotify. Besides the path itself it watches
 * the nearest folder above that exists, so that a path may come, go, be replaced or be a single
 * file. Bursts are told once, when they are over or at the latest after {@link #LATEST}.
 */
public final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

  /** An editor or a copy is done when it has been quiet for so long. */
  private static final Duration QUIET = Duration.ofMillis(5);

  private static final Duration LATEST = Duration.ofMillis(60);

  /** How often it looks whether the watched folders are still the path's folders. */
  private static final Duration RENEWAL = Duration.ofSeconds(10);

  /** Looks at a path that changes under its eyes, before it waits for the renewal. */
  private static final int ATTEMPTS = 5;

  private static final Path ANY = Path.of("");

  private final Path path;
  private final Runnable onChange;
  private final WatchService service;

  /** What is watched, each with the name in it that counts; {@link #ANY} if all do. */
  private Map<WatchKey, Path> watched = Map.of();

  private boolean complained;

  private FolderWatch(Path path, Runnable onChange, WatchService service) {
    this.path = path;
    this.onChange = onChange;
    this.service = service;
  }

  /** Calls {@code onChange} on a thread of its own, once at the start too, until it is closed. */
  public static AutoCloseable start(Path path, Runnable onChange) {
    var absolute = path.toAbsolutePath().normalize();
    try {
      var watch = new FolderWatch(absolute, onChange, absolute.getFileSystem().newWatchService());
      Thread.ofVirtual().name("watch " + path).start(watch::run);
      return watch;
    } catch (IOException unavailable) {
      LOG.warn("{}: no inotify, so only the periodic scan sees changes: {}", path, unavailable);
      return () -> {};
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }

  private void run() {
    try {
      while (true) {
        var changed = renew();
        var key = changed ? service.poll() : poll(RENEWAL.toNanos());
        changed |= concerns(key);
        if (changed) {
          settle();
          onChange.run();
        }
      }
    } catch (ClosedWatchServiceException _) {
      // The owner has gone.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private WatchKey poll(long nanos) throws InterruptedException {
    return service.poll(nanos, TimeUnit.NANOSECONDS);
  }

  private void settle() throws InterruptedException {
    var end = System.nanoTime() + LATEST.toNanos();
    for (var left = LATEST.toNanos(); left > 0; left = end - System.nanoTime()) {
      var key = poll(Math.min(left, QUIET.toNanos()));
      if (key == null) {
        return;
      }
      key.pollEvents();
      key.reset();
    }
  }

  private boolean concerns(WatchKey key) {
    if (key == null) {
      return false;
    }
    var name = watched.get(key);
    var concerns = false;
    for (var event : key.pollEvents()) {
      concerns |= event.kind().equals(OVERFLOW) || ANY.equals(name) || event.context().equals(name);
    }
    key.reset();
    return concerns;
  }

  /** Watches what is there now; true if that is something else than before. */
  private boolean renew() {
    var now = new HashMap<WatchKey, Path>();
    for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        register(now);
        break;
      } catch (NoSuchFileException | NotDirectoryException removed) {
        LOG.debug("{}: changed while it was looked at", path, removed);
      } catch (IOException refused) {
        complain(refused);
        break;
      }
    }
    var before = watched;
    watched = now;
    before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(WatchKey::cancel);
    return !before.equals(now);
  }

  private void register(Map<WatchKey, Path> now) throws IOException {
    // What is above comes first: whatever replaces the path after that is heard.
    var child = path;
    while (child.getParent() != null && !Files.isDirectory(child.getParent())) {
      child = child.getParent();
    }
    if (child.getParent() != null) {
      now.put(watch(child.getParent()), child.getFileName());
    }
    if (Files.isDirectory(path)) {
      now.put(watch(path), ANY);
    }
  }

  private WatchKey watch(Path folder) throws IOException {
    return folder.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
  }

  private void complain(IOException refused) {
    if (!complained) {
      complained = true;
      LOG.warn("{}: can't be watched, so only the periodic scan sees changes: {}", path, refused);
    }
  }
}
