package dev.jkubelet.server.cadvisor;

import dev.jkubelet.runtime.OomKill;
import dev.jkubelet.stats.NodeSnapshot;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What happened to containers: which came and went, from one snapshot to the next, and whose memory
 * ran out, by the kernel's word. Keeps the last thousand, and tells whoever follows.
 */
public final class ContainerEvents {
  private static final int MOST = 1000;

  /** A client that has not taken so many is cut off, which it notices; others wait for nobody. */
  private static final int MOST_BEHIND = 256;

  private static final ByteString NEWLINE = ByteString.fromString("\n");

  private final InstantSource clock;
  private final Deque<ContainerEvent> events = new ArrayDeque<>();
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private NodeSnapshot last = NodeSnapshot.EMPTY;

  private record Follower(EventRequest asked, BoundedSourceQueue<ContainerEvent> queue) {}

  public ContainerEvents(InstantSource clock) {
    this.clock = clock;
  }

  /** Compares with the snapshot before; of the first nothing is news. */
  public synchronized void look(NodeSnapshot snapshot) {
    if (snapshot.containers().isEmpty()) {
      return;
    }
    var before = last.containers();
    last = snapshot;
    if (!before.isEmpty()) {
      snapshot.containers().values().stream()
          .filter(record -> !before.containsKey(record.path()))
          .forEach(
              record -> add(record.path(), record.spec().created(), ContainerEvent.Type.CREATED));
      before.keySet().stream()
          .filter(path -> !snapshot.containers().containsKey(path))
          .forEach(path -> add(path, snapshot.time(), ContainerEvent.Type.DELETED));
    }
  }

  /** Whose memory ran out, and whose process had to end for it: a pod and a container of it. */
  public synchronized void killed(OomKill kill) {
    var now = clock.instant();
    add(new ContainerEvent(kill.limited(), now, ContainerEvent.Type.OOM, Optional.empty()));
    add(new ContainerEvent(kill.victim(), now, ContainerEvent.Type.OOM_KILL, Optional.of(kill)));
  }

  private void add(String container, Instant time, ContainerEvent.Type type) {
    add(new ContainerEvent(container, time, type, Optional.empty()));
  }

  private void add(ContainerEvent event) {
    events.addLast(event);
    if (events.size() > MOST) {
      events.removeFirst();
    }
    followers.stream()
        .filter(follower -> follower.asked().wants(event))
        .filter(follower -> follower.queue().offer(event).equals(QueueOfferResult.dropped()))
        .forEach(slow -> slow.queue().fail(new IllegalStateException("the client is too slow")));
  }

  /** Those that were, the oldest first. */
  ByteString json(EventRequest asked) {
    var found = find(asked);
    return Json.of(
        out -> {
          out.writeStartArray();
          for (var event : found) {
            event.write(out);
          }
          out.writeEndArray();
        });
  }

  private synchronized List<ContainerEvent> find(EventRequest asked) {
    var found = events.stream().filter(asked::wants).toList();
    return asked.most() <= 0 || found.size() <= asked.most()
        ? found
        : found.subList(found.size() - asked.most(), found.size());
  }

  /** Each as it happens, a line of JSON, until the client leaves. */
  Source<ByteString, NotUsed> follow(EventRequest asked) {
    return Source.<ContainerEvent>queue(MOST_BEHIND)
        .watchTermination(
            (queue, end) -> {
              var follower = new Follower(asked, queue);
              followers.add(follower);
              end.whenComplete((_, _) -> followers.remove(follower));
              return NotUsed.getInstance();
            })
        .map(event -> Json.of(event::write).concat(NEWLINE));
  }

  /** How many clients follow. */
  int followers() {
    return followers.size();
  }
}
