package dev.jkubelet.server;

import dev.jkubelet.runtime.log.LogOptions;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.Query;

/**
 * The parameters of {@code /containerLogs}, v1.PodLogOptions.
 *
 * @param previous of the instance before the current one
 */
record LogQuery(boolean previous, LogOptions options) {
  /** A value that is not of its type (400), or a combination that makes no sense (422). */
  static final class Bad extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;

    Bad(int status, String message) {
      super("{\"message\": \"" + message + "\"}");
      this.status = status;
    }
  }

  static LogQuery of(Query query, Clock clock) {
    var tail = number(query, "tailLines");
    var limit = number(query, "limitBytes");
    var seconds = number(query, "sinceSeconds");
    var time = time(query);
    if (tail.orElse(0) < 0
        || limit.orElse(1) < 1
        || seconds.orElse(1) < 1
        || (seconds.isPresent() && time.isPresent())) {
      throw new Bad(422, "Invalid request.");
    }
    var since =
        seconds.isPresent() ? Optional.of(clock.instant().minusSeconds(seconds.getAsLong())) : time;
    return new LogQuery(
        flag(query, "previous"),
        new LogOptions(flag(query, "follow"), flag(query, "timestamps"), tail, limit, since));
  }

  /**
   * Anything but false and 0 is true, an empty value too: apimachinery's conversion of a query's
   * bool.
   */
  private static boolean flag(Query query, String name) {
    return query
        .get(name)
        .filter(value -> !value.equalsIgnoreCase("false") && !value.equals("0"))
        .isPresent();
  }

  private static OptionalLong number(Query query, String name) {
    var value = query.get(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(value.get()));
    } catch (NumberFormatException _) {
      throw new Bad(400, "Unable to decode query.");
    }
  }

  private static Optional<Instant> time(Query query) {
    try {
      return query.get("sinceTime").map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException _) {
      throw new Bad(400, "Unable to decode query.");
    }
  }
}
