package dev.jkubelet.runtime;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was killed for want of memory, by the kernel's own word. The engine hears of it from a shim
 * that asks the cgroup, and says nothing when that is gone first: some of a hundred ends on a busy
 * machine. The kernel writes its record before it kills.
 */
public final class OomKills {
  private static final Logger LOG = LoggerFactory.getLogger(OomKills.class);

  /** More than a node has containers. */
  private static final int REMEMBERED = 2000;

  private final Supplier<Supplier<Optional<String>>> opening;
  private final List<Consumer<OomKill>> listeners = new CopyOnWriteArrayList<>();
  private final Set<String> containers =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  private Optional<Supplier<Optional<String>>> log = Optional.empty();

  /**
   * @param opening gives what gives the next record, if there is one
   */
  OomKills(Supplier<Supplier<Optional<String>>> opening) {
    this.opening = opening;
  }

  /** Knows of none when the kernel's log can't be read, which is said once. */
  public static OomKills ofKernel() {
    return new OomKills(OomKills::kernelLog);
  }

  private static Supplier<Optional<String>> kernelLog() {
    try {
      return new KernelLog()::next;
    } catch (IOException refused) {
      LOG.warn(
          "ends for want of memory are known by the engine's word alone: {}", refused.getMessage());
      return Optional::empty;
    }
  }

  /** Calls back with each that is read from now on, in order; must not block. */
  public void listen(Consumer<OomKill> listener) {
    listeners.add(listener);
  }

  /**
   * Takes in what the kernel has written since; doesn't wait for more. What was there before the
   * first time is known, and no news.
   */
  public synchronized void read() {
    var told = log.isPresent() ? listeners : List.<Consumer<OomKill>>of();
    var records = log.orElseGet(opening);
    log = Optional.of(records);
    for (var record = records.get(); record.isPresent(); record = records.get()) {
      OomKill.parse(record.get())
          .ifPresent(
              kill -> {
                kill.container().ifPresent(containers::add);
                told.forEach(listener -> listener.accept(kill));
              });
    }
  }

  /** Whether a process of that container was killed, up to this moment. */
  public synchronized boolean hit(String containerId) {
    read();
    return containers.contains(containerId);
  }
}
