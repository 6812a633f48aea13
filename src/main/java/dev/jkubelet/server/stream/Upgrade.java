package dev.jkubelet.server.stream;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;

/** What becomes of a request to change the protocol. */
public sealed interface Upgrade {
  /**
   * The answer that changes it.
   *
   * @param ended when the session is over
   */
  record Accepted(HttpResponse response, CompletionStage<Done> ended) implements Upgrade {
    /** An answer with a session, whose end it tells. */
    static <T> Accepted watched(
        Flow<T, T, NotUsed> session, Function<Flow<T, T, NotUsed>, HttpResponse> answer) {
      var ended = new CompletableFuture<Done>();
      var watched =
          session.watchTermination(
              (unused, done) -> {
                done.whenComplete((_, _) -> ended.complete(Done.getInstance()));
                return unused;
              });
      return new Accepted(answer.apply(watched), ended);
    }
  }

  /**
   * The answer that does not.
   *
   * @param text for the client, empty for none
   * @param headers that go with it
   */
  record Refused(int status, String text, Map<String, String> headers) implements Upgrade {}
}
