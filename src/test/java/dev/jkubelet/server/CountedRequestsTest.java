package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.MetricsFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CountedRequestsTest {
  private static final String LOGS =
      "{long_running=\"false\",method=\"GET\",path=\"containerLogs\",server_type=\"readwrite\"}";
  private static final String EXEC =
      "{long_running=\"true\",method=\"POST\",path=\"exec\",server_type=\"readwrite\"}";

  private final ActorTestKit kit = ActorTestKit.create();
  private final KubeletMetrics metrics = new KubeletMetrics("node1");
  private final CountedRequests requests = new CountedRequests(metrics, false);

  @AfterEach
  void endTheSystem() {
    kit.shutdownTestKit();
  }

  @Test
  void anAnswerLastsUntilItIsWritten() {
    var written = new CompletableFuture<ByteString>();
    var answer =
        count(
            HttpRequest.GET("/containerLogs/default/web/main"),
            Answers.stream(200, Source.completionStage(written)));
    var read = answer.entity().getDataBytes().runForeach(_ -> {}, kit.system());
    assertThat(text()).contains("kubelet_http_inflight_requests" + LOGS + " 1\n");

    written.complete(ByteString.fromString("line\n"));
    read.toCompletableFuture().join();

    eventually("kubelet_http_inflight_requests" + LOGS + " 0\n");
    eventually("kubelet_http_requests_total" + LOGS + " 1\n");
    eventually("kubelet_http_requests_duration_seconds_count" + LOGS + " 1\n");
  }

  @Test
  void anExecLastsAsLongAsItsSession() {
    var ended = new CompletableFuture<Done>();
    var _ =
        count(
            HttpRequest.POST("/exec/default/web/main"),
            HttpResponse.create().withStatus(101).addAttribute(CountedRequests.ENDED, ended));
    assertThat(text()).contains("kubelet_http_inflight_requests" + EXEC + " 1\n");

    ended.complete(Done.getInstance());

    eventually("kubelet_http_inflight_requests" + EXEC + " 0\n");
  }

  private HttpResponse count(HttpRequest request, HttpResponse answer) {
    CompletionStage<HttpResponse> stage = CompletableFuture.completedFuture(answer);
    return requests.count(request, () -> stage).toCompletableFuture().join();
  }

  private void eventually(String line) {
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(30),
            () -> {
              assertThat(text()).contains(line);
              return null;
            });
  }

  private String text() {
    return new String(metrics.render(MetricsFormat.TEXT), StandardCharsets.UTF_8);
  }
}
