package dev.jkubelet.server.stream;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** What becomes of a request to change the protocol. */
public sealed interface Upgrade {
  /**
   * The answer that changes it.
   *
   * @param ended when the session is over
   */
  record Accepted(HttpResponse response, CompletionStage<Done> ended) implements Upgrade {}

  /**
   * The answer that does not.
   *
   * @param text for the client, empty for none
   * @param headers that go with it
   */
  record Refused(int status, String text, Map<String, String> headers) implements Upgrade {}
}
