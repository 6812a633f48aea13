package dev.jkubelet.server;

import dev.jkubelet.node.NodeHealth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /healthz} and its single checks, as apiserver's healthz package answers them. */
final class HealthzRoutes {
  private final Supplier<CompletionStage<NodeHealth>> health;

  HealthzRoutes(Supplier<CompletionStage<NodeHealth>> health) {
    this.health = health;
  }

  static boolean owns(String path) {
    return path.equals("/healthz") || path.startsWith("/healthz/");
  }

  CompletionStage<HttpResponse> handle(HttpRequest request, String path) {
    return health
        .get()
        .thenApply(HealthzRoutes::checks)
        .exceptionally(
            _ ->
                checks(
                    new NodeHealth(
                        Optional.empty(), Optional.of("the node's actor does not answer"))))
        .thenApply(
            checks -> {
              if (path.equals("/healthz") || path.equals("/healthz/")) {
                return all(request, checks);
              }
              var check = checks.get(path.substring("/healthz/".length()));
              if (check == null) {
                return Replies.notFound();
              }
              return check
                  .map(reason -> Replies.goError(500, "internal server error: " + reason))
                  .orElseGet(() -> Replies.text(200, "ok"));
            });
  }

  private static Map<String, Optional<String>> checks(NodeHealth health) {
    var checks = new LinkedHashMap<String, Optional<String>>();
    checks.put("ping", Optional.empty());
    checks.put("log", Optional.empty());
    checks.put("syncloop", health.syncLoop());
    checks.put("runtime", health.runtime());
    return checks;
  }

  private static HttpResponse all(HttpRequest request, Map<String, Optional<String>> checks) {
    var query = request.getUri().query();
    Set<String> excluded =
        query.toMultiMap().getOrDefault("exclude", java.util.List.of()).stream()
            .collect(Collectors.toSet());
    var lines = new ArrayList<String>();
    boolean failed = false;
    for (var check : checks.entrySet()) {
      if (excluded.remove(check.getKey())) {
        lines.add("[+]" + check.getKey() + " excluded: ok");
      } else if (check.getValue().isPresent()) {
        failed = true;
        lines.add("[-]" + check.getKey() + " failed: " + check.getValue().get());
      } else {
        lines.add("[+]" + check.getKey() + " ok");
      }
    }
    excluded.stream()
        .sorted()
        .forEach(
            name ->
                lines.add(
                    "warn: some health checks cannot be excluded: no matches for \""
                        + name
                        + "\""));
    if (failed) {
      return Replies.goError(500, String.join("\n", lines) + "\nhealthz check failed");
    }
    if (query.get("verbose").isPresent()) {
      return Replies.goError(200, String.join("\n", lines) + "\nhealthz check passed");
    }
    return Replies.text(200, "ok");
  }
}
