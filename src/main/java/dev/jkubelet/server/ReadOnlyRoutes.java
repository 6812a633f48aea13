package dev.jkubelet.server;

import dev.jkubelet.stats.KubeletMetrics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.coding.Coder;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Port 10255: what may be read by anyone who reaches it. The kubelet's port serves these too. */
final class ReadOnlyRoutes {
  private final HealthzRoutes health;
  private final NodeQueries node;
  private final PodLists lists;
  private final KubeletMetrics metrics;

  ReadOnlyRoutes(HealthzRoutes health, NodeQueries node, PodLists lists, KubeletMetrics metrics) {
    this.health = health;
    this.node = node;
    this.lists = lists;
    this.metrics = metrics;
  }

  CompletionStage<HttpResponse> handle(HttpRequest request) {
    var path = request.getUri().path();
    if (isDebug(path)) {
      return CompletableFuture.completedStage(
          Replies.goError(405, "Debug endpoints are disabled."));
    }
    return shared(request, path);
  }

  /** The paths that both ports have. */
  CompletionStage<HttpResponse> shared(HttpRequest request, String path) {
    if (HealthzRoutes.owns(path)) {
      return health.handle(request, path);
    }
    boolean get = request.method().equals(HttpMethods.GET);
    return switch (path) {
      case "/pods", "/pods/" ->
          get
              ? node.pods().thenApply(pods -> Replies.bytes(Replies.JSON, lists.pods(pods)))
              : CompletableFuture.completedStage(Replies.methodNotAllowed());
      case "/metrics" -> CompletableFuture.completedStage(metrics(request));
      default -> CompletableFuture.completedStage(Replies.notFound());
    };
  }

  private HttpResponse metrics(HttpRequest request) {
    return zipped(request, Replies.bytes(Replies.METRICS, metrics.render()));
  }

  static HttpResponse zipped(HttpRequest request, HttpResponse response) {
    boolean asked =
        request.getHeader("Accept-Encoding").filter(h -> h.value().contains("gzip")).isPresent();
    return asked ? Coder.Gzip.encodeMessage(response) : response;
  }

  private static boolean isDebug(String path) {
    return Stream.of(
            "/containerLogs/",
            "/exec/",
            "/attach/",
            "/portForward/",
            "/run/",
            "/logs/",
            "/runningpods/",
            "/debug/")
        .anyMatch(path::startsWith);
  }
}
