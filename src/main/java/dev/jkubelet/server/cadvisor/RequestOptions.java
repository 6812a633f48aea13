package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.NodeSnapshot;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * v2's parameters.
 *
 * @param docker whether names are the engine's: {@code type=docker}
 * @param count the newest so many readings; -1 for all
 * @param recursive what is below, too
 */
record RequestOptions(boolean docker, int count, boolean recursive) {
  private static final int DEFAULT_COUNT = 64;

  /** Go's duration; readings are never older than a few seconds, so that it is checked only. */
  private static final Pattern DURATION =
      Pattern.compile("0|[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h)+.*");

  /**
   * @throws ApiError when a parameter is wrong
   */
  static RequestOptions parse(Map<String, String> query) {
    var type = query.getOrDefault("type", "name");
    if (!type.equals("name") && !type.equals("docker")) {
      throw new ApiError(500, "unknown 'type' \"" + type + "\"");
    }
    var maxAge = query.getOrDefault("max_age", "");
    if (!maxAge.isEmpty() && !DURATION.matcher(maxAge).matches()) {
      throw new ApiError(500, "failed to parse 'max_age' option: time: invalid duration " + maxAge);
    }
    return new RequestOptions(
        type.equals("docker"), count(query.get("count")), "true".equals(query.get("recursive")));
  }

  private static int count(String given) {
    if (given == null || given.isEmpty()) {
      return DEFAULT_COUNT;
    }
    try {
      int count = Integer.parseInt(given);
      if (count >= -1) {
        return count;
      }
    } catch (NumberFormatException malformed) {
      // said below
    }
    throw new ApiError(500, "failed to parse 'count' option: " + given);
  }

  /**
   * Whom the request is about.
   *
   * @throws ApiError when there is nobody of that name
   */
  List<ContainerRecord> of(NodeSnapshot node, String name) {
    if (docker) {
      return docker(node, name);
    }
    var path = "/" + name;
    var all = node.containers().values().stream().filter(r -> RestApi.within(r, path)).toList();
    if (node.at(path).isEmpty()) {
      throw new ApiError(500, "unknown container \"" + path + "\"");
    }
    return recursive ? all : List.of(node.at(path).get());
  }

  private List<ContainerRecord> docker(NodeSnapshot node, String name) {
    if (recursive && name.isEmpty()) {
      return node.engineContainers().toList();
    }
    return List.of(
        node.engineContainer(name)
            .orElseThrow(
                () -> new ApiError(500, "unable to find Docker container \"" + name + "\"")));
  }
}
