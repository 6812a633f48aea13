package dev.jkubelet.server;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which part of a container's log is wanted and how ({@code PodLogOptions}).
 *
 * @param previous the container before the current one
 * @param tailLines at most so many lines from the end, ≥ 0
 * @param limitBytes at most so many bytes, ≥ 1
 * @param since nothing older
 */
public record LogRequest(
    boolean follow,
    boolean previous,
    boolean timestamps,
    OptionalLong tailLines,
    OptionalLong limitBytes,
    Optional<Instant> since) {
  /** What a query parses to. */
  sealed interface Parsed {
    record Valid(LogRequest request) implements Parsed {}

    /** A value that is no number or no time: 400. */
    record Undecodable() implements Parsed {}

    /** Decoded, and out of its range: 422. */
    record Invalid() implements Parsed {}
  }

  static Parsed parse(Query query, InstantSource clock) {
    try {
      var tail = query.first("tail").filter(value -> !value.isEmpty());
      var tailLines =
          tail.isPresent()
              ? tail.filter(value -> !value.equals("all")).map(LogRequest::number)
              : number(query, "tailLines");
      var limitBytes = number(query, "limitBytes");
      var sinceSeconds = number(query, "sinceSeconds");
      var sinceTime = query.first("sinceTime").map(LogRequest::time);
      if (tailLines.filter(lines -> lines < 0).isPresent()
          || limitBytes.filter(bytes -> bytes < 1).isPresent()
          || sinceSeconds.filter(seconds -> seconds < 1).isPresent()
          || (sinceSeconds.isPresent() && sinceTime.isPresent())) {
        return new Parsed.Invalid();
      }
      var since = sinceSeconds.map(seconds -> before(clock.instant(), seconds)).or(() -> sinceTime);
      return new Parsed.Valid(
          new LogRequest(
              flag(query, "follow"),
              flag(query, "previous"),
              flag(query, "timestamps"),
              optional(tailLines),
              optional(limitBytes),
              since.filter(instant -> instant.isAfter(Instant.EPOCH))));
    } catch (NumberFormatException | DateTimeException _) {
      return new Parsed.Undecodable();
    }
  }

  /** As the API's codec: anything but absence, {@code false} and {@code 0} is true. */
  private static boolean flag(Query query, String name) {
    return query
        .first(name)
        .filter(value -> !value.equals("0") && !value.equalsIgnoreCase("false"))
        .isPresent();
  }

  private static Optional<Long> number(Query query, String name) {
    return query.first(name).map(LogRequest::number);
  }

  private static Long number(String text) {
    return Long.valueOf(text);
  }

  private static OptionalLong optional(Optional<Long> value) {
    return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  /** RFC 3339; nothing, and the {@code null} of old clients, is the beginning of time. */
  private static Instant time(String text) {
    return text.isEmpty() || text.equals("null")
        ? Instant.EPOCH
        : OffsetDateTime.parse(text).toInstant();
  }

  private static Instant before(Instant now, long seconds) {
    return seconds > now.getEpochSecond() ? Instant.EPOCH : now.minusSeconds(seconds);
  }
}
