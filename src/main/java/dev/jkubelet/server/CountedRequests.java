package dev.jkubelet.server;

import dev.jkubelet.stats.KubeletMetrics;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Counts and times the requests of a kubelet's port. As in the kubelet, a request lasts until all
 * of its answer is written, and an exec until its session ends; none outlasts its client, who may
 * have left before there was an answer.
 */
record CountedRequests(KubeletMetrics metrics, boolean readOnly) {
  /** In an answer that changes the protocol: when that is over. */
  @SuppressWarnings("unchecked")
  static final AttributeKey<CompletionStage<Done>> ENDED =
      AttributeKey.create("ended", (Class<CompletionStage<Done>>) (Class<?>) CompletionStage.class);

  /** Answers what comes by a connection, one after the other. */
  Flow<HttpRequest, HttpResponse, NotUsed> answering(
      Function<HttpRequest, CompletionStage<HttpResponse>> answer) {
    return Flow.fromMaterializer((_, _) -> new Connection().answering(answer))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  /** One of them, with its requests that are not over. */
  private final class Connection {
    private final Set<Counted> open = ConcurrentHashMap.newKeySet();

    private record Answered(Counted request, HttpResponse response) {}

    private final class Counted {
      private final KubeletMetrics.HttpRequest counted;

      Counted(HttpRequest request) {
        counted = metrics.httpRequest(request.method().value(), request.getUri().path(), readOnly);
        open.add(this);
      }

      void over() {
        if (open.remove(this)) {
          counted.close();
        }
      }

      /** From now on it may last longer than the connection's requests and answers do. */
      void changesTheProtocol(CompletionStage<Done> session) {
        if (open.remove(this)) {
          session.thenRun(counted::close);
        }
      }
    }

    Flow<HttpRequest, HttpResponse, NotUsed> answering(
        Function<HttpRequest, CompletionStage<HttpResponse>> answer) {
      return Flow.<HttpRequest>create()
          .mapAsync(1, request -> counted(request, answer))
          .map(Connection::watched)
          .watchTermination(
              (unused, end) -> {
                end.whenComplete((_, _) -> open.forEach(Counted::over));
                return unused;
              });
    }

    private CompletionStage<Answered> counted(
        HttpRequest request, Function<HttpRequest, CompletionStage<HttpResponse>> answer) {
      var counted = new Counted(request);
      return answer.apply(request).thenApply(response -> new Answered(counted, response));
    }

    /** Whoever waits for the answer gets it now. */
    private static HttpResponse watched(Answered answered) {
      var response = answered.response();
      var session = response.getAttribute(ENDED);
      if (session.isPresent()) {
        answered.request().changesTheProtocol(session.get());
        return response;
      }
      return Sending.watched(response, answered.request()::over);
    }
  }
}
