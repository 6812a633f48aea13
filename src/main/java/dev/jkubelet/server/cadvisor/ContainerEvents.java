package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.NodeSnapshot;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.util.ByteString;

/** Which containers came and went, from one snapshot to the next; the last thousand. */
public final class ContainerEvents {
  private static final int MOST = 1000;
  private static final String CREATED = "containerCreation";
  private static final String DELETED = "containerDeletion";

  private final Deque<Event> events = new ArrayDeque<>();
  private Map<String, Instant> known = Map.of();
  private boolean begun;

  record Event(String container, Instant time, String type) {}

  /**
   * What is asked for.
   *
   * @param below whether the container's subcontainers count, too
   * @param most the newest so many
   */
  record Asked(
      String container, boolean below, Set<String> types, Instant start, Instant end, int most) {
    private static final int DEFAULT_MOST = 10;

    static Asked of(String container, Map<String, String> query) {
      var types = new TreeSet<String>();
      for (var type :
          Map.of(
                  "oom_events",
                  "oom",
                  "oom_kill_events",
                  "oomKill",
                  "creation_events",
                  CREATED,
                  "deletion_events",
                  DELETED)
              .entrySet()) {
        if (isTrue(query, "all_events") || isTrue(query, type.getKey())) {
          types.add(type.getValue());
        }
      }
      return new Asked(
          container,
          isTrue(query, "subcontainers"),
          types,
          time(query.get("start_time"), Instant.MIN),
          time(query.get("end_time"), Instant.MAX),
          most(query.get("max_events")));
    }

    private static boolean isTrue(Map<String, String> query, String name) {
      return "true".equals(query.get(name));
    }

    /** What can't be read is as if it had not been given, as there. */
    private static Instant time(String given, Instant otherwise) {
      try {
        return given == null ? otherwise : Instant.parse(given);
      } catch (java.time.DateTimeException malformed) {
        return otherwise;
      }
    }

    private static int most(String given) {
      try {
        return given == null ? DEFAULT_MOST : Integer.parseInt(given);
      } catch (NumberFormatException malformed) {
        return DEFAULT_MOST;
      }
    }

    boolean wants(Event event) {
      var prefix = container.equals("/") ? "/" : container + "/";
      return types.contains(event.type())
          && !event.time().isBefore(start)
          && !event.time().isAfter(end)
          && (event.container().equals(container)
              || (below && event.container().startsWith(prefix)));
    }
  }

  /** Compares with the snapshot before; of the first nothing is news. */
  public synchronized void look(NodeSnapshot snapshot) {
    var now = new TreeMap<String, Instant>();
    for (ContainerRecord record : snapshot.containers().values()) {
      now.put(record.path(), record.spec().created());
    }
    if (now.isEmpty()) {
      return;
    }
    if (begun) {
      now.forEach(
          (path, created) -> {
            if (!known.containsKey(path)) {
              add(new Event(path, created, CREATED));
            }
          });
      known.keySet().stream()
          .filter(path -> !now.containsKey(path))
          .forEach(path -> add(new Event(path, snapshot.time(), DELETED)));
    }
    begun = true;
    known = now;
  }

  private void add(Event event) {
    events.addLast(event);
    if (events.size() > MOST) {
      events.removeFirst();
    }
  }

  ByteString json(Asked asked) {
    var found = find(asked);
    return Json.of(
        out -> {
          out.writeStartArray();
          for (var event : found) {
            out.writeStartObject();
            out.writeStringField("container_name", event.container());
            out.writeStringField("timestamp", Json.time(event.time()));
            out.writeStringField("event_type", event.type());
            SampleJson.empty(out, "event_data");
            out.writeEndObject();
          }
          out.writeEndArray();
        });
  }

  private synchronized List<Event> find(Asked asked) {
    var found = events.stream().filter(asked::wants).toList();
    return asked.most() <= 0 || found.size() <= asked.most()
        ? found
        : found.subList(found.size() - asked.most(), found.size());
  }
}
