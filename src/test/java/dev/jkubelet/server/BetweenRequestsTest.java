package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BetweenRequestsTest {
  private static final Duration LIMIT = Duration.ofMillis(300);

  /** Longer than the limit, in two halves. */
  private static final Duration HALF = LIMIT.multipliedBy(2);

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static ServerBinding binding;

  @BeforeAll
  static void listen() {
    var answers = Flow.<HttpRequest>create().map(BetweenRequestsTest::answer);
    binding =
        Http.get(KIT.system())
            .newServerAt("127.0.0.1", 0)
            .withSettings(ConnectionLimits.ofStreaming(KIT.system()))
            .bindFlow(BetweenRequests.atMost(LIMIT, new Closing()).join(answers))
            .toCompletableFuture()
            .join();
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static HttpResponse answer(HttpRequest request) {
    ResponseEntity entity =
        switch (request.getUri().path()) {
          case "/slow-chunks" ->
              HttpEntities.createChunked(ContentTypes.TEXT_PLAIN_UTF8, slowly("first", "last"));
          case "/slow-file" ->
              HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, 9, slowly("first", "last"));
          default -> HttpEntities.create("at once");
        };
    return HttpResponse.create().withEntity(entity);
  }

  private static Source<ByteString, ?> slowly(String first, String last) {
    return Source.single(ByteString.fromString(first))
        .concat(Source.single(ByteString.fromString(last)).initialDelay(HALF));
  }

  private static Socket connect() throws IOException {
    var socket = new Socket(binding.localAddress().getAddress(), binding.localAddress().getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void ask(Socket socket, String path) throws IOException {
    var request = "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /half-a-requ"})
  void aConnectionWithoutARequestEnds(String begun) throws Exception {
    try (var socket = connect()) {
      socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().read()).isNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/at-once", "/slow-chunks", "/slow-file"})
  void anAnswerMayBeSlowAndTheConnectionEndsSomeTimeAfterIt(String path) throws Exception {
    try (var socket = connect()) {
      long begin = System.nanoTime();
      ask(socket, path);

      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 200 OK").containsAnyOf("at once", "last");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(LIMIT);
    }
  }

  @Test
  void lengthsAndChunksStayWhatTheyWere() throws Exception {
    try (var chunks = connect();
        var file = connect()) {
      ask(chunks, "/slow-chunks");
      ask(file, "/slow-file");

      assertThat(chunks.getInputStream().readAllBytes())
          .asString()
          .contains("Transfer-Encoding: chunked\r\n")
          .endsWith("\r\n\r\n5\r\nfirst\r\n4\r\nlast\r\n0\r\n\r\n");
      assertThat(file.getInputStream().readAllBytes())
          .asString()
          .contains("Content-Length: 9\r\n")
          .endsWith("\r\n\r\nfirstlast");
    }
  }
}
