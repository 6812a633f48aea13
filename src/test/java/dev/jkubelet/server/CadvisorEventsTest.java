package dev.jkubelet.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.OomKill;
import dev.jkubelet.server.cadvisor.RecordedNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** cAdvisor's events, by its port. */
class CadvisorEventsTest {
  private final CadvisorPort port = new CadvisorPort(RecordedNode.still(BusyNode.snapshot()));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void closes() {
    client.close();
    port.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1.3/events/", "/api/v2.1/events/kubepods/"})
  void areStreamedALineEach(String path) throws Exception {
    var answer =
        client.send(
            request(path + "?stream=true&oom_events=true&subcontainers=true"),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("transfer-encoding")).hasValue("chunked");
    try (var lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
      for (int i = 0; i < 2; i++) {
        port.events().killed(new OomKill(BusyNode.CONTAINER, BusyNode.CONTAINER, "httpd", 7));
        assertThat(line(lines))
            .startsWith("{\"container_name\":\"" + BusyNode.CONTAINER + "\",\"timestamp\":\"20")
            .endsWith("\"event_type\":\"oom\",\"event_data\":{}}");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1.3/events?stream=true&", "/api/v2.1/events?"})
  void areNotToldToWhoCantBeUnderstood(String path) throws Exception {
    var answer =
        client.send(request(path + "max_events=abc"), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo(
            "failed to parse 'max_events' option: expected a whole number such as 100, got"
                + " \"abc\"\n");
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create(port.url(path))).build();
  }

  private static String line(BufferedReader lines) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return lines.readLine();
              } catch (IOException ended) {
                throw new AssertionError(ended);
              }
            })
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }
}
