package dev.jkubelet.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.probe.HttpTarget.Header;
import dev.jkubelet.probe.ProbeOutcome.Failure;
import dev.jkubelet.probe.ProbeOutcome.Success;
import dev.jkubelet.probe.ProbeOutcome.Warning;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP and TCP probes as the kubelet's pkg/probe has them. */
class NetworkProbesTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String HOST = "127.0.0.1";

  private final NetworkProbes probes = new NetworkProbes();
  private TinyServer server;

  @BeforeEach
  void open() throws IOException {
    server = new TinyServer();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({"200", "201", "204", "299"})
  void statusesOfTwoHundredAreASuccess(int status) {
    server.says("/", status);

    assertThat(get("/")).isEqualTo(new Success(""));
  }

  @ParameterizedTest
  @CsvSource({"400", "404", "500", "503"})
  void otherStatusesAreAFailure(int status) {
    server.says("/", status);

    assertThat(get("/")).isEqualTo(new Failure("HTTP probe failed with statuscode: " + status));
  }

  @Test
  void asksAsTheKubeletDoes() {
    server.says("/a%20b?q=1", 200);

    get("a b?q=1");

    assertThat(server.requests())
        .containsExactly(
            head(
                "GET /a%20b?q=1 HTTP/1.1",
                "Host: 127.0.0.1:" + server.port(),
                "User-Agent: kube-probe/1.20",
                "Accept: */*",
                "Connection: close"));
  }

  @Test
  void headersOfTheSpecCountAndMayRepeat() {
    server.says("/", 200);

    get(
        "/",
        new Header("Host", "example.org"),
        new Header("X-A", "1"),
        new Header("X-A", "2"),
        new Header("user-agent", "mine"),
        new Header("Accept", ""));

    assertThat(server.requests())
        .containsExactly(
            head(
                "GET / HTTP/1.1",
                "Host: example.org",
                "X-A: 1",
                "X-A: 2",
                "user-agent: mine",
                "Connection: close"));
  }

  @Test
  void asksOverTlsWhoeverTheServerIs() throws Exception {
    try (var secure = TinyServer.secure()) {
      secure.says("/well", 204).says("/sick", 500);
      var well = new HttpTarget("HTTPS", HOST, secure.port(), "/well", List.of());
      var sick = new HttpTarget("HTTPS", HOST, secure.port(), "/sick", List.of());

      assertThat(wait(probes.http(well, LONG))).isEqualTo(new Success(""));
      assertThat(wait(probes.http(sick, LONG)))
          .isEqualTo(new Failure("HTTP probe failed with statuscode: 500"));
    }
  }

  @Test
  void followsRedirectsToTheSameHost() {
    server.says("/", "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n");
    server.says(
        "/there",
        "HTTP/1.1 307 So\r\nLocation: http://127.0.0.1:" + server.port() + "/end\r\n\r\n");
    server.says("/end", 500);

    assertThat(get("/")).isEqualTo(new Failure("HTTP probe failed with statuscode: 500"));
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void aRedirectToAnotherHostIsASuccessWithAWarning() {
    server.says(
        "/",
        "HTTP/1.1 301 Moved\r\nLocation: http://example.org/\r\nContent-Length: 4\r\n\r\naway");

    assertThat(get("/")).isEqualTo(new Warning("away"));
  }

  @Test
  void endlessRedirectsAreAFailure() {
    server.says("/", "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");

    assertThat(get("/"))
        .isEqualTo(new Failure("Get \"%s/\": stopped after 10 redirects".formatted(base())));
    assertThat(server.requests()).hasSize(10);
  }

  @Test
  void keepsTenKibibytesOfABody() {
    server.says("/", "HTTP/1.1 300 So\r\nContent-Length: 20000\r\n\r\n" + "x".repeat(20_000));
    server.says(
        "/chunks",
        "HTTP/1.1 300 So\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n2800\r\n"
            + "y".repeat(0x2800)
            + "\r\n0\r\n\r\n");

    assertThat(get("/")).isEqualTo(new Warning("x".repeat(10 << 10)));
    assertThat(get("/chunks")).isEqualTo(new Warning("abcd" + "y".repeat((10 << 10) - 4)));
  }

  @Test
  void whatIsNoHttpIsAFailure() {
    server.says("/", "SSH-2.0 hello\r\n");

    assertThat(get("/"))
        .isEqualTo(
            new Failure(
                ("Get \"%s/\": net/http: HTTP/1.x transport connection broken: malformed HTTP"
                        + " response \"SSH-2.0 hello\"")
                    .formatted(base())));
  }

  @Test
  void whoSaysNothingInTimeHasFailed() {
    assertThat(wait(probes.http(target("/silence"), Duration.ofMillis(200))))
        .isEqualTo(
            new Failure(
                ("Get \"%s/silence\": context deadline exceeded (Client.Timeout exceeded while"
                        + " awaiting headers)")
                    .formatted(base())));
  }

  @Test
  void whereNobodyListensProbesFail() throws IOException {
    server.close();
    var refused = "dial tcp 127.0.0.1:" + server.port() + ": connect: connection refused";

    assertThat(get("/")).isEqualTo(new Failure("Get \"%s/\": %s".formatted(base(), refused)));
    assertThat(wait(probes.tcp(HOST, server.port(), LONG))).isEqualTo(new Failure(refused));
  }

  @Test
  void aPortThatOpensIsASuccess() {
    assertThat(wait(probes.tcp(HOST, server.port(), LONG))).isEqualTo(new Success(""));
  }

  @Test
  void aPortThatNeverAnswersIsAFailure() throws IOException {
    // One connection waits to be accepted, and the next has no room.
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var limit = Duration.ofMillis(200);
      ProbeOutcome last = new Success("");
      for (int n = 0; n < 8 && last instanceof Success; n++) {
        last = wait(probes.tcp(HOST, full.getLocalPort(), limit));
      }
      assertThat(last)
          .isEqualTo(new Failure("dial tcp 127.0.0.1:" + full.getLocalPort() + ": i/o timeout"));
    }
  }

  @Test
  void namesThatDoNotExistAreAFailure() {
    assertThat(wait(probes.tcp("no-such-host.invalid", 80, LONG)))
        .isEqualTo(new Failure("dial tcp: lookup no-such-host.invalid: no such host"));
  }

  private static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private String base() {
    return "http://127.0.0.1:" + server.port();
  }

  private HttpTarget target(String path, Header... headers) {
    return new HttpTarget("HTTP", HOST, server.port(), path, List.of(headers));
  }

  private ProbeOutcome get(String path, Header... headers) {
    return wait(probes.http(target(path, headers), LONG));
  }

  private static ProbeOutcome wait(CompletionStage<ProbeOutcome> stage) {
    return stage.toCompletableFuture().join();
  }
}
