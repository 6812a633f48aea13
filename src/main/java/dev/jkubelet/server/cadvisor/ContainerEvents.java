package dev.jkubelet.server.cadvisor;

import dev.jkubelet.runtime.RuntimeEvent;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.NodeSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What happened to containers: which came and went, from one snapshot to the next, and whose memory
 * ran out, by the engine's word. Keeps the last thousand, and tells whoever follows.
 */
public final class ContainerEvents {
  private static final int MOST = 1000;
  private static final String SANDBOX = "POD";

  /** A client that has not taken so many is cut off, which it notices; others wait for nobody. */
  private static final int MOST_BEHIND = 256;

  /** In that time a container is measured, or it is gone without a trace. */
  private static final Duration UNKNOWN = Duration.ofMinutes(1);

  private static final ByteString NEWLINE = ByteString.fromString("\n");

  private final InstantSource clock;
  private final Deque<ContainerEvent> events = new ArrayDeque<>();
  private final Deque<Kill> unplaced = new ArrayDeque<>();
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private NodeSnapshot last = NodeSnapshot.EMPTY;

  private record Follower(EventRequest asked, BoundedSourceQueue<ContainerEvent> queue) {}

  /** Of a container that may not have been measured yet. */
  private record Kill(String containerId, String podUid, Instant at) {}

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
    unplaced.removeIf(kill -> tell(kill) || kill.at().plus(UNKNOWN).isBefore(clock.instant()));
  }

  /**
   * What the engine tells; the ends of memory are news. When a pod's limit is reached, its sandbox
   * is named too, of which no process is killed.
   */
  public synchronized void heard(RuntimeEvent event) {
    if (event.kind() == RuntimeEvent.Kind.OOM && !event.summaryName().equals(SANDBOX)) {
      var kill = new Kill(event.containerId(), event.podUid(), clock.instant());
      if (!tell(kill)) {
        unplaced.addLast(kill);
        if (unplaced.size() > MOST) {
          unplaced.removeFirst();
        }
      }
    }
  }

  private boolean tell(Kill kill) {
    var path = cgroup(kill);
    path.ifPresent(
        container -> {
          add(container, kill.at(), ContainerEvent.Type.OOM);
          add(container, kill.at(), ContainerEvent.Type.OOM_KILL);
        });
    return path.isPresent();
  }

  /** Of one that runs, or ran lately; else where it has to have been, as its pod is there. */
  private Optional<String> cgroup(Kill kill) {
    return Stream.concat(
            last.containers().keySet().stream(), events.stream().map(ContainerEvent::container))
        .filter(path -> path.contains(kill.containerId()))
        .findFirst()
        .or(
            () ->
                last.pods()
                    .filter(record -> isOf(record, kill.podUid()))
                    .map(record -> within(record.path(), kill.containerId()))
                    .findFirst());
  }

  private static boolean isOf(ContainerRecord record, String podUid) {
    return record.pod().filter(pod -> pod.uid().equals(podUid)).isPresent();
  }

  /** With cgroups made by systemd, a container is a scope in its pod's slice. */
  private static String within(String pod, String id) {
    return pod + (pod.endsWith(".slice") ? "/docker-" + id + ".scope" : "/" + id);
  }

  private void add(String container, Instant time, ContainerEvent.Type type) {
    var event = new ContainerEvent(container, time, type);
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
