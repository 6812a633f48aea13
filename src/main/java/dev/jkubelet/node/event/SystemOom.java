package dev.jkubelet.node.event;

import dev.jkubelet.runtime.OomKill;
import java.util.function.Consumer;

/**
 * The kubelet's OOM watcher: an event of the node for each process that was killed because the
 * machine's memory ran out, whoever's it was. Where a pod's limit was reached, that is its own
 * news.
 */
public record SystemOom(NodeEvents events) implements Consumer<OomKill> {
  @Override
  public void accept(OomKill kill) {
    if (kill.limited().equals("/")) {
      events.record(
          "Warning",
          "SystemOOM",
          "System OOM encountered, victim process: %s, pid: %d"
              .formatted(kill.process(), kill.pid()));
    }
  }
}
