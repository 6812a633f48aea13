package dev.jkubelet.node.event;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps events from flooding the API server, by client-go's rules and numbers: the same event again
 * is counted, ten that differ by their message within ten minutes become one, and an object that
 * has had 25 gets one more every five minutes. It forgets what it has not seen for longest.
 */
final class EventCorrelator {
  private static final int MOST_REMEMBERED = 4096;
  private static final int SIMILAR = 10;
  private static final Duration SIMILAR_WITHIN = Duration.ofMinutes(10);
  private static final String COMBINED = "(combined from similar events): ";

  private final Clock clock;
  private final RecentlyUsed<Similar> groups = new RecentlyUsed<>(MOST_REMEMBERED);
  private final RecentlyUsed<Seen> seen = new RecentlyUsed<>(MOST_REMEMBERED);
  private final RecentlyUsed<Allowance> allowances = new RecentlyUsed<>(MOST_REMEMBERED);

  private record Similar(Set<String> messages, Instant last) {}

  private record Seen(int count, String firstTimestamp, String name) {}

  private record Keyed(Event event, String key) {}

  /** What to do with an event. */
  sealed interface Outcome {
    /** Its object has had too many. */
    record Drop() implements Outcome {}

    record Create(Event event) implements Outcome {}

    /**
     * It was there before.
     *
     * @param event as it is to be made anew if the API server has forgotten it
     */
    record Count(Event event, String patch) implements Outcome {}
  }

  EventCorrelator(Clock clock) {
    this.clock = clock;
  }

  Outcome correlate(Event event) {
    var keyed = aggregated(event);
    var last = seen.get(keyed.key());
    var counted = last == null ? keyed.event() : counted(keyed.event(), last);
    remember(keyed.key(), counted);
    var spamKey = key(counted, "", "", "");
    var allowance = allowances.get(spamKey);
    var next = (allowance == null ? Allowance.FULL : allowance).refilled(clock.instant());
    allowances.put(spamKey, next.spent());
    if (next.isEmpty()) {
      return new Outcome.Drop();
    }
    return last == null ? new Outcome.Create(counted) : new Outcome.Count(counted, patch(counted));
  }

  /** What the API server made of it: its name and count hold from now on. */
  void written(Event event) {
    remember(fullKey(event), event);
  }

  private Keyed aggregated(Event event) {
    var now = clock.instant();
    var group = key(event, event.getType(), event.getReason(), "");
    var known = groups.get(group);
    boolean fresh =
        known == null || Duration.between(known.last(), now).compareTo(SIMILAR_WITHIN) > 0;
    var messages = fresh ? new HashSet<String>() : known.messages();
    messages.add(event.getMessage());
    groups.put(group, new Similar(messages, now));
    if (messages.size() < SIMILAR) {
      return new Keyed(event, fullKey(event));
    }
    messages.remove(messages.iterator().next());
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return new Keyed(
        new EventBuilder(event)
            .editMetadata()
            .withName(name(event.getInvolvedObject(), now))
            .endMetadata()
            .withMessage(COMBINED + event.getMessage())
            .withFirstTimestamp(time)
            .withLastTimestamp(time)
            .withCount(1)
            .build(),
        group);
  }

  private static Event counted(Event event, Seen last) {
    return new EventBuilder(event)
        .editMetadata()
        .withName(last.name())
        .endMetadata()
        .withFirstTimestamp(last.firstTimestamp())
        .withCount(last.count() + 1)
        .build();
  }

  private static String patch(Event event) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("count", event.getCount())
        .put("lastTimestamp", event.getLastTimestamp())
        .put("message", event.getMessage())
        .toString();
  }

  private void remember(String key, Event event) {
    seen.put(
        key, new Seen(event.getCount(), event.getFirstTimestamp(), event.getMetadata().getName()));
  }

  /** The object's name and the time's nanoseconds in hexadecimal. */
  static String name(ObjectReference object, Instant now) {
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return object.getName() + "." + Long.toHexString(nanos);
  }

  private static String fullKey(Event event) {
    return key(
        event,
        event.getType(),
        event.getReason(),
        event.getMessage() + "\0" + event.getInvolvedObject().getFieldPath());
  }

  private static String key(Event event, String type, String reason, String rest) {
    var object = event.getInvolvedObject();
    return Stream.of(
            object.getKind(),
            object.getNamespace(),
            object.getName(),
            object.getUid(),
            type,
            reason,
            rest)
        .map(Objects::toString)
        .collect(Collectors.joining("\0"));
  }
}
