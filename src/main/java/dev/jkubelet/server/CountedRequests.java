package dev.jkubelet.server;

import dev.jkubelet.stats.KubeletMetrics;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * Counts and times the requests of a kubelet's port. As in the kubelet, a request lasts until all
 * of its answer is written, and an exec until its session ends.
 */
record CountedRequests(KubeletMetrics metrics, boolean readOnly) {
  /** In an answer that changes the protocol: when that is over. */
  @SuppressWarnings("unchecked")
  static final AttributeKey<CompletionStage<Done>> ENDED =
      AttributeKey.create("ended", (Class<CompletionStage<Done>>) (Class<?>) CompletionStage.class);

  CompletionStage<HttpResponse> count(
      HttpRequest request, Supplier<CompletionStage<HttpResponse>> answer) {
    var counted = metrics.httpRequest(request.method().value(), request.getUri().path(), readOnly);
    return answer.get().thenApply(response -> watched(response, counted::close));
  }

  private static HttpResponse watched(HttpResponse response, Runnable over) {
    var session = response.getAttribute(ENDED);
    if (session.isPresent()) {
      session.get().thenRun(over);
      return response;
    }
    return Sending.watched(response, over);
  }
}
