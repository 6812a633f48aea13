package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jkubelet.stats.ContainerSample;
import dev.jkubelet.stats.SampleHistory;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/**
 * Which readings are asked for: cAdvisor's ContainerInfoRequest.
 *
 * @param most -1 for all there are
 */
record InfoRequest(int most, Optional<Instant> start, Optional<Instant> end) {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final InfoRequest DEFAULT =
      new InfoRequest(60, Optional.empty(), Optional.empty());

  /**
   * What a body asks for; none asks for the newest 60.
   *
   * @throws ApiError when it is no such request
   */
  static InfoRequest parse(ByteString body) {
    if (body.isEmpty()) {
      return DEFAULT;
    }
    try {
      var root = MAPPER.readTree(body.utf8String());
      if (root.isMissingNode() || root.isNull()) {
        return DEFAULT;
      }
      if (!root.isObject()) {
        throw undecodable("expected an object");
      }
      return new InfoRequest(most(root.get("num_stats")), time(root, "start"), time(root, "end"));
    } catch (JsonProcessingException malformed) {
      throw undecodable(malformed.getOriginalMessage());
    }
  }

  /** The readings, oldest first. */
  List<ContainerSample> of(SampleHistory history) {
    var within =
        history.samples().stream()
            .filter(s -> start.isEmpty() || !s.time().isBefore(start.get()))
            .filter(s -> end.isEmpty() || !s.time().isAfter(end.get()))
            .toList();
    return most < 0 || within.size() <= most
        ? within
        : within.subList(within.size() - most, within.size());
  }

  private static int most(JsonNode given) {
    if (given == null || given.isNull()) {
      return DEFAULT.most();
    }
    if (!given.canConvertToInt() || !given.isIntegralNumber()) {
      throw undecodable("num_stats: expected a whole number");
    }
    return given.intValue();
  }

  /** Go's zero time means that there is no bound. */
  private static Optional<Instant> time(JsonNode root, String name) {
    var given = root.get(name);
    if (given == null || given.isNull()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(given.asText()).toInstant())
          .filter(at -> at.isAfter(Instant.EPOCH));
    } catch (DateTimeException malformed) {
      throw undecodable(name + ": expected a time as in 2026-01-02T03:04:05Z");
    }
  }

  private static ApiError undecodable(String why) {
    return new ApiError(500, "unable to decode the json value: " + why);
  }
}
