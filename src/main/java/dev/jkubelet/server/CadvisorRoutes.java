package dev.jkubelet.server;

import dev.jkubelet.stats.KubeletMetrics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Port 4194: cAdvisor's. */
final class CadvisorRoutes {
  private final KubeletMetrics metrics;

  CadvisorRoutes(KubeletMetrics metrics) {
    this.metrics = metrics;
  }

  CompletionStage<HttpResponse> handle(HttpRequest request) {
    return CompletableFuture.completedStage(
        switch (request.getUri().path()) {
          case "/healthz" -> Replies.text(200, "ok");
          case "/metrics" ->
              ReadOnlyRoutes.zipped(request, Replies.bytes(Replies.METRICS, metrics.render()));
          default -> Replies.notFound();
        });
  }
}
