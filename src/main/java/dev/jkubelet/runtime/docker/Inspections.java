package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.Image;
import dev.jkubelet.runtime.OomKills;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the engine's answers about containers. */
final class Inspections {
  private static final Logger log = LoggerFactory.getLogger(Inspections.class);

  /** As a shell reports a child that was killed, too. */
  private static final int SIGKILLED = 137;

  /** How the engine writes "never". */
  private static final Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");

  private Inspections() {}

  /** Empty for a container that only looks like a pod's: its name tells nothing. */
  static Optional<ContainerSummary> summary(JsonNode listed) {
    var summary =
        summary(
            listed.path("Id").asText(),
            listed.path("Names").path(0).asText(),
            texts(listed.path("Labels")),
            listedState(listed.path("State").asText()),
            Instant.ofEpochSecond(listed.path("Created").asLong()));
    if (summary.isEmpty()) {
      log.debug("Ignored what is not a pod's container: {}", listed);
    }
    return summary;
  }

  private static Optional<ContainerSummary> summary(
      String id,
      String dockerName,
      Map<String, String> labels,
      ContainerState state,
      Instant createdAt) {
    return DockerName.parse(dockerName)
        .flatMap(
            name ->
                DockerLabels.type(labels)
                    .filter(type -> (type == ContainerType.SANDBOX) == name.isSandbox())
                    .map(
                        type ->
                            new ContainerSummary(
                                id,
                                type,
                                name.pod(),
                                name.container(),
                                name.attempt(),
                                labels.getOrDefault(DockerLabels.SANDBOX_ID, ""),
                                state,
                                createdAt)));
  }

  /** "dead" is a container whose removal failed halfway: it will never run again. */
  private static ContainerState listedState(String state) {
    return switch (state) {
      case "created" -> ContainerState.CREATED;
      case "running", "paused" -> ContainerState.RUNNING;
      case "exited", "dead" -> ContainerState.EXITED;
      default -> ContainerState.UNKNOWN;
    };
  }

  /** Empty when it isn't a pod's container. */
  static Optional<ContainerInspection> inspection(
      JsonNode answer, Optional<Image> image, OomKills kills) {
    var labels = labels(answer);
    var state = answer.path("State");
    var imageId = answer.path("Image").asText();
    return summary(
            answer.path("Id").asText(),
            answer.path("Name").asText(),
            labels,
            state(state),
            time(answer.path("Created")).orElse(Instant.EPOCH))
        .map(
            summary ->
                new ContainerInspection(
                    summary,
                    image
                        .flatMap(found -> found.tags().stream().findFirst())
                        .orElse(answer.path("Config").path("Image").asText()),
                    image
                        .flatMap(found -> found.digests().stream().findFirst())
                        .map(digest -> "docker-pullable://" + digest)
                        .orElse("docker://" + imageId),
                    answer.path("Config").path("Image").asText(),
                    state.path("Pid").asLong(),
                    state.path("ExitCode").asInt(),
                    isOomKilled(answer, kills),
                    state.path("Error").asText(""),
                    time(state.path("StartedAt")),
                    time(state.path("FinishedAt")),
                    ips(answer.path("NetworkSettings")),
                    path(answer.path("LogPath")),
                    path(answer.path("GraphDriver").path("Data").path("UpperDir")),
                    resources(answer.path("HostConfig")),
                    labels));
  }

  private static boolean isOomKilled(JsonNode answer, OomKills kills) {
    var state = answer.path("State");
    return state.path("OOMKilled").asBoolean()
        || (state.path("ExitCode").asInt() == SIGKILLED && kills.hit(answer.path("Id").asText()));
  }

  /** No quota is 0, or -1 of a container that had one. */
  private static ContainerConfig.Resources resources(JsonNode host) {
    return new ContainerConfig.Resources(
        host.path("CpuShares").asLong(),
        Math.max(0, host.path("CpuQuota").asLong()),
        host.path("CpuPeriod").asLong(),
        host.path("Memory").asLong(),
        host.path("OomScoreAdj").asInt());
  }

  /**
   * The dockershim's three cases of not running: finished some time; never ran but has an exit
   * code, so it failed to start; not started yet.
   */
  private static ContainerState state(JsonNode state) {
    if (state.path("Running").asBoolean()) {
      return ContainerState.RUNNING;
    }
    return time(state.path("FinishedAt")).isPresent() || state.path("ExitCode").asInt() != 0
        ? ContainerState.EXITED
        : ContainerState.CREATED;
  }

  static Map<String, String> labels(JsonNode answer) {
    return texts(answer.path("Config").path("Labels"));
  }

  private static Map<String, String> texts(JsonNode object) {
    var texts = new TreeMap<String, String>();
    for (var property : object.properties()) {
      texts.put(property.getKey(), property.getValue().asText());
    }
    return texts;
  }

  static Optional<Path> path(JsonNode node) {
    var text = node.asText("");
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }

  private static Optional<Instant> time(JsonNode node) {
    var text = node.asText("");
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(OffsetDateTime.parse(text).toInstant()).filter(time -> !time.equals(ZERO));
  }

  /** Newer engines say it per network only. */
  private static List<String> ips(JsonNode settings) {
    var ips = addresses(settings);
    if (ips.isEmpty()) {
      for (var network : settings.path("Networks").properties()) {
        ips.addAll(addresses(network.getValue()));
      }
    }
    return List.copyOf(ips);
  }

  private static List<String> addresses(JsonNode network) {
    var addresses = new ArrayList<String>();
    for (var field : List.of("IPAddress", "GlobalIPv6Address")) {
      var address = network.path(field).asText("");
      if (!address.isEmpty()) {
        addresses.add(address);
      }
    }
    return addresses;
  }
}
