package dev.jkubelet.runtime.docker;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The kubelet's names of requests to the engine. */
final class EngineOperation {
  private static final List<Rule> RULES =
      List.of(
          rule("GET", "/containers/json", "list_containers"),
          rule("GET", "/containers/[^/]+/json", "inspect_container"),
          rule("POST", "/containers/create", "create_container"),
          rule("POST", "/containers/[^/]+/start", "start_container"),
          rule("POST", "/containers/[^/]+/stop", "stop_container"),
          rule("POST", "/containers/[^/]+/attach", "attach"),
          rule("POST", "/containers/[^/]+/resize", "resize_container"),
          rule("POST", "/containers/[^/]+/update", "update_container"),
          rule("POST", "/containers/[^/]+/exec", "create_exec"),
          rule("DELETE", "/containers/[^/]+", "remove_container"),
          rule("POST", "/exec/[^/]+/start", "start_exec"),
          rule("POST", "/exec/[^/]+/resize", "resize_exec"),
          rule("GET", "/exec/[^/]+/json", "inspect_exec"),
          rule("GET", "/images/json", "list_images"),
          rule("GET", "/images/.+/json", "inspect_image"),
          rule("POST", "/images/create", "pull_image"),
          rule("DELETE", "/images/.+", "remove_image"),
          rule("GET", "/info", "info"),
          rule("GET", "/version", "version"));

  private record Rule(String method, Pattern path, String name) {}

  private EngineOperation() {}

  private static Rule rule(String method, String path, String name) {
    return new Rule(method, Pattern.compile("(?:/v[0-9.]+)?" + path + "(?:\\?.*)?"), name);
  }

  /** Empty for what the kubelet never asks of an engine, as its events. */
  static Optional<String> of(Request request) {
    return RULES.stream()
        .filter(rule -> rule.method().equals(request.method()))
        .filter(rule -> rule.path().matcher(request.path()).matches())
        .map(Rule::name)
        .findFirst();
  }
}
