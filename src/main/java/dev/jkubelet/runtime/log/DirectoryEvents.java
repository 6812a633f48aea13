package dev.jkubelet.runtime.log;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, once per request, that something happened in a folder (inotify). Where the system has no
 * watch left to give, nothing is told: whoever asks has to look by itself as well.
 */
final class DirectoryEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryEvents.class);

  private final Map<Path, WatchKey> watched = new ConcurrentHashMap<>();
  private final Consumer<Path> listener;
  private Optional<WatchService> service = Optional.empty();
  private boolean refused;

  DirectoryEvents(Consumer<Path> listener) {
    this.listener = listener;
  }

  /**
   * Asks for the folder's next event; asked already, nothing changes. Not for two threads.
   *
   * @return whether it will be told
   */
  boolean watch(Path folder) {
    if (refused || watched.containsKey(folder)) {
      return !refused;
    }
    try {
      if (service.isEmpty()) {
        service = Optional.of(start());
      }
      var key =
          folder.register(
              service.get(),
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY);
      watched.put(folder, key);
      if (!key.isValid()) {
        // Its event has come already.
        watched.remove(folder);
      }
      return key.isValid();
    } catch (NoSuchFileException _) {
      return false;
    } catch (IOException noWatchLeft) {
      refused = true;
      LOG.debug("{}: no inotify watch, polling alone", folder, noWatchLeft);
      return false;
    }
  }

  private WatchService start() throws IOException {
    var started = FileSystems.getDefault().newWatchService();
    Thread.ofVirtual().name("log-events").start(() -> listen(started));
    return started;
  }

  private void listen(WatchService events) {
    try {
      while (true) {
        var key = events.take();
        key.cancel();
        var folder = (Path) key.watchable();
        watched.remove(folder);
        listener.accept(folder);
      }
    } catch (ClosedWatchServiceException _) {
      // The end of it.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      if (service.isPresent()) {
        service.get().close();
      }
    } catch (IOException failure) {
      LOG.warn("can't close a watch service", failure);
    }
  }
}
