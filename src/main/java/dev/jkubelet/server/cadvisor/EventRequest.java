package dev.jkubelet.server.cadvisor;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which events are asked for.
 *
 * @param below whether the container's subcontainers count, too
 * @param most the newest so many; 0 or less for all
 * @param stream whether those that are still to come are wanted, and not those that were
 */
record EventRequest(
    String container,
    boolean below,
    Set<ContainerEvent.Type> types,
    Instant start,
    Instant end,
    int most,
    boolean stream) {
  private static final int DEFAULT_MOST = 10;

  /**
   * cAdvisor takes what it can't read as not given, and so answers something else than was asked
   * for; here it is refused.
   *
   * @throws ApiError when a parameter is wrong
   */
  static EventRequest parse(String container, Map<String, String> query) {
    boolean all = flag(query, "all_events").orElse(false);
    var types = EnumSet.noneOf(ContainerEvent.Type.class);
    for (var type : ContainerEvent.Type.values()) {
      if (flag(query, type.parameter()).orElse(all)) {
        types.add(type);
      }
    }
    return new EventRequest(
        container,
        flag(query, "subcontainers").orElse(false),
        types,
        time(query, "start_time").orElse(Instant.MIN),
        time(query, "end_time").orElse(Instant.MAX),
        given(query, "max_events", "a whole number such as 100", Integer::valueOf)
            .orElse(DEFAULT_MOST),
        flag(query, "stream").orElse(false));
  }

  /** As Go's strconv.ParseBool. */
  private static Optional<Boolean> flag(Map<String, String> query, String name) {
    return given(
        query,
        name,
        "true or false",
        text ->
            switch (text) {
              case "1", "t", "T", "true", "TRUE", "True" -> true;
              case "0", "f", "F", "false", "FALSE", "False" -> false;
              case String _ -> throw new IllegalArgumentException(text);
            });
  }

  private static Optional<Instant> time(Map<String, String> query, String name) {
    return given(query, name, "a time such as 2026-11-23T13:00:00Z", Instant::parse);
  }

  private static <T> Optional<T> given(
      Map<String, String> query, String name, String expected, Function<String, T> read) {
    return Optional.ofNullable(query.get(name)).map(text -> read(name, text, expected, read));
  }

  private static <T> T read(String name, String text, String expected, Function<String, T> read) {
    try {
      return read.apply(text);
    } catch (IllegalArgumentException | DateTimeException malformed) {
      throw new ApiError(
          400,
          "failed to parse '%s' option: expected %s, got \"%s\"".formatted(name, expected, text));
    }
  }

  boolean wants(ContainerEvent event) {
    var prefix = container.equals("/") ? "/" : container + "/";
    return types.contains(event.type())
        && !event.time().isBefore(start)
        && !event.time().isAfter(end)
        && (event.container().equals(container) || (below && event.container().startsWith(prefix)));
  }
}
