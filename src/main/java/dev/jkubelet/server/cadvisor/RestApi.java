package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.NodeSnapshot;
import dev.jkubelet.stats.NodeStats;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * cAdvisor's REST API, v1.0 to v1.3 and v2.1: from a request to JSON, or to an {@link ApiError}
 * with the words that it uses itself. Answers from memory.
 */
public final class RestApi {
  /** What cAdvisor's own version is that this API is taken from. */
  public static final String VERSION = "0.38.7-jkubelet";

  private static final Pattern PATH = Pattern.compile("/api/([^/]*)/?([^/]*)/?(.*)");
  private static final Map<String, SortedSet<String>> TYPES = types();

  private final NodeStats stats;
  private final ContainerEvents events;

  public RestApi(NodeStats stats, ContainerEvents events) {
    this.stats = stats;
    this.events = events;
  }

  /**
   * A request.
   *
   * @param path {@code /api/…}, decoded
   * @param query the first value of each parameter
   * @param machine what the machine is
   */
  public record Request(
      String path, Map<String, String> query, ByteString body, MachineFacts machine) {}

  private static Map<String, SortedSet<String>> types() {
    var types = new TreeMap<String, SortedSet<String>>();
    types.put("v1.0", names("containers", "machine"));
    types.put("v1.1", names("containers", "machine", "subcontainers"));
    types.put("v1.2", names("containers", "machine", "subcontainers", "docker"));
    types.put("v1.3", names("containers", "machine", "subcontainers", "docker", "events"));
    types.put(
        "v2.1",
        names(
            "appmetrics",
            "attributes",
            "events",
            "machine",
            "machinestats",
            "ps",
            "spec",
            "stats",
            "storage",
            "summary",
            "version"));
    return types;
  }

  private static SortedSet<String> names(String... names) {
    return new TreeSet<>(List.of(names));
  }

  /** What is asked for: the type is one that the version has. */
  private record Asked(String version, String type, String name) {
    boolean isV1() {
      return version.startsWith("v1");
    }
  }

  /**
   * The answer.
   *
   * @throws ApiError in all other cases
   */
  public ByteString answer(Request request) {
    var asked = asked(request);
    return asked.isV1()
        ? v1(asked.type(), asked.name(), request)
        : v2(asked.type(), asked.name(), request);
  }

  /**
   * The events that are still to come, for a request that wants them; empty for all others.
   *
   * @throws ApiError when it is wrong
   */
  public Optional<Source<ByteString, NotUsed>> follow(Request request) {
    return Optional.of(asked(request))
        .filter(asked -> asked.type().equals("events"))
        .map(asked -> EventRequest.parse("/" + asked.name(), request.query()))
        .filter(EventRequest::stream)
        .map(events::follow);
  }

  private static Asked asked(Request request) {
    var parts = PATH.matcher(request.path());
    if (!parts.matches() || parts.group(1).isEmpty()) {
      throw new ApiError(400, "Supported API versions: " + String.join(",", TYPES.keySet()));
    }
    var version = parts.group(1);
    var types = TYPES.get(version);
    if (types == null) {
      throw new ApiError(500, "unsupported API version \"" + version + "\"");
    }
    var type = parts.group(2);
    if (type.isEmpty()) {
      throw new ApiError(400, "Supported request types: \"" + String.join(",", types) + "\"");
    }
    if (!types.contains(type)) {
      throw new ApiError(500, "unknown request type \"" + type + "\"");
    }
    return new Asked(version, type, parts.group(3).replaceAll("/+$", ""));
  }

  private ByteString v1(String type, String name, Request request) {
    var node = stats.latest();
    return switch (type) {
      case "machine" -> request.machine().json();
      case "containers" ->
          new InfoJson(node, InfoRequest.parse(request.body())).one(v1(node, name));
      case "subcontainers" -> {
        var info = new InfoJson(node, InfoRequest.parse(request.body()));
        var path = "/" + name;
        yield info.list(node.containers().values().stream().filter(r -> within(r, path)));
      }
      case "docker" -> {
        var info = new InfoJson(node, InfoRequest.parse(request.body()));
        yield name.isEmpty()
            ? info.byName(node.engineContainers())
            : info.byName(java.util.stream.Stream.of(v1Docker(node, name)));
      }
      default -> events(name, request);
    };
  }

  private static ContainerRecord v1(NodeSnapshot node, String name) {
    var path = "/" + name;
    return node.at(path)
        .orElseThrow(
            () ->
                new ApiError(
                    500,
                    "failed to get container \""
                        + path
                        + "\" with error: unknown container \""
                        + path
                        + "\""));
  }

  private static ContainerRecord v1Docker(NodeSnapshot node, String name) {
    return node.engineContainer(name)
        .orElseThrow(
            () ->
                new ApiError(
                    500,
                    "failed to get Docker container \""
                        + name
                        + "\" with error: unable to find Docker container \""
                        + name
                        + "\""));
  }

  private ByteString v2(String type, String name, Request request) {
    var node = stats.latest();
    return switch (type) {
      case "version" -> Json.of(out -> out.writeString(VERSION));
      case "attributes" -> request.machine().attributes(VERSION);
      case "machine" -> request.machine().json();
      case "machinestats" -> {
        var options = RequestOptions.parse(request.query());
        yield node.machine()
            .map(machine -> StatsJson.machine(machine, options.count()))
            .orElseThrow(() -> new ApiError(500, "unknown container \"/\""));
      }
      case "summary" -> SummaryJson.of(options(request).of(node, name));
      case "stats" -> {
        var options = options(request);
        yield StatsJson.stats(options.of(node, name), options.count());
      }
      case "spec" -> StatsJson.specs(options(request).of(node, name));
      case "appmetrics" -> StatsJson.appMetrics(options(request).of(node, name));
      case "storage" ->
          MachineJson.storage(
              node.machine().map(machine -> machine.latest().filesystems()).orElse(List.of()),
              node.nodeFs(),
              node.imageFs(),
              node.time(),
              Optional.ofNullable(request.query().get("label")));
      case "ps" -> ProcessList.json(options(request).of(node, name));
      default -> events(name, request);
    };
  }

  private static RequestOptions options(Request request) {
    return RequestOptions.parse(request.query());
  }

  private ByteString events(String name, Request request) {
    return events.json(EventRequest.parse("/" + name, request.query()));
  }

  static boolean within(ContainerRecord record, String path) {
    return path.equals("/") || record.path().equals(path) || record.path().startsWith(path + "/");
  }
}
