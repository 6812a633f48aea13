package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.server.auth.Authenticator;
import dev.jkubelet.server.auth.Authorizer;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.MetricsFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    var answer = Answers.stream(200, Source.completionStage(written));
    var client = ask(HttpRequest.GET("/containerLogs/default/web/main"), answer);
    var read = answered(client).entity().getDataBytes().runForeach(_ -> {}, kit.system());
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
    var client =
        ask(
            HttpRequest.POST("/exec/default/web/main"),
            HttpResponse.create().withStatus(101).addAttribute(CountedRequests.ENDED, ended));
    assertThat(answered(client).status()).isEqualTo(StatusCodes.SWITCHING_PROTOCOLS);
    client.cancel();
    assertThat(text()).contains("kubelet_http_inflight_requests" + EXEC + " 1\n");

    ended.complete(Done.getInstance());

    eventually("kubelet_http_inflight_requests" + EXEC + " 0\n");
  }

  @Test
  void anAnswerThatNobodyWaitedForIsOverWithItsConnection() {
    var client = ask(HttpRequest.GET("/containerLogs/default/web/main"), silent());
    answered(client);
    assertThat(text()).contains("kubelet_http_inflight_requests" + LOGS + " 1\n");

    client.cancel();

    eventually("kubelet_http_inflight_requests" + LOGS + " 0\n");
    eventually("kubelet_http_requests_duration_seconds_count" + LOGS + " 1\n");
  }

  @Test
  void aClientThatLeavesBeforeItsAnswerIsNotWaitedFor(@TempDir Path folder) throws Exception {
    var pods = LOGS.replace("containerLogs", "pods");
    Authenticator undecided = _ -> new CompletableFuture<>();
    try (var server =
        TestServer.start(TestServer.Options.in(folder).asking(undecided, Authorizer.denyAll()))) {
      try (var socket = server.kubelet()) {
        socket
            .getOutputStream()
            .write("GET /pods HTTP/1.1\r\nHost: node\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        eventually(server.services().metrics(), "kubelet_http_inflight_requests" + pods + " 1\n");
      }
      eventually(server.services().metrics(), "kubelet_http_inflight_requests" + pods + " 0\n");
    }
  }

  private static HttpResponse silent() {
    return Answers.stream(200, Source.<ByteString>maybe());
  }

  /** A connection with that one request, which stays open. */
  private SinkQueueWithCancel<HttpResponse> ask(HttpRequest request, HttpResponse answer) {
    return Source.single(request)
        .concat(Source.maybe())
        .via(requests.answering(_ -> CompletableFuture.completedFuture(answer)))
        .runWith(Sink.queue(), kit.system());
  }

  private static HttpResponse answered(SinkQueueWithCancel<HttpResponse> client) {
    return client.pull().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join().orElseThrow();
  }

  private void eventually(String line) {
    eventually(metrics, line);
  }

  private void eventually(KubeletMetrics metrics, String line) {
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(30),
            () -> {
              assertThat(text(metrics)).contains(line);
              return null;
            });
  }

  private String text() {
    return text(metrics);
  }

  private static String text(KubeletMetrics metrics) {
    return new String(metrics.render(MetricsFormat.TEXT), StandardCharsets.UTF_8);
  }
}
