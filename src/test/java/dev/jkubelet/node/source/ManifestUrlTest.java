package dev.jkubelet.node.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jkubelet.node.NodeActor.SetPods;
import dev.jkubelet.runtime.BlockingCalls;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The actor and a server next to it that answers as told. */
class ManifestUrlTest {
  private static final Duration EVERY = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration QUIET = Duration.ofMillis(300);
  private static final String POD =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: b}]}";
  private static final String LIST =
      """
      apiVersion: v1
      kind: PodList
      items:
      - metadata: {name: one}
        spec: {containers: [{name: a, image: b}]}
      - metadata: {name: two}
        spec: {containers: [{name: a, image: b}]}
      """;

  private record Answer(int status, String body) {}

  private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Map<String, List<String>>> requests =
      new LinkedBlockingQueue<>();
  private HttpServer server;
  private ActorTestKit kit;
  private ManualTime time;
  private TestProbe<SetPods> sink;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/pods", this::answer);
    server.start();
    kit = ActorTestKit.create(ManualTime.config());
    time = ManualTime.get(kit.system());
    sink = kit.createTestProbe();
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
    server.stop(0);
  }

  @Test
  void sendsThePodOfTheAnswer() throws Exception {
    answers.add(new Answer(200, POD));
    source(Map.of("X-Token", List.of("t1", "t2")));
    var message = sink.receiveMessage(SOON);
    assertThat(message.source()).isEqualTo("http");
    assertThat(names(message)).containsExactly("web-node");
    var metadata = message.pods().getFirst().getMetadata();
    assertThat(metadata.getAnnotations()).containsEntry(StaticPod.CONFIG_SOURCE, "http");
    assertThat(message.pods().getFirst().getSpec().getTolerations()).isEmpty();
    assertThat(requests.take().get("X-token")).containsExactlyInAnyOrder("t1", "t2");
  }

  @Test
  void sendsTheVeryPodsAgainWhileTheAnswerStays() {
    answers.add(new Answer(200, LIST));
    source(Map.of());
    var first = sink.receiveMessage(SOON);
    assertThat(names(first)).containsExactly("one-node", "two-node");
    answers.add(new Answer(200, "# the same\n" + LIST));
    time.timePasses(EVERY);
    var second = sink.receiveMessage(SOON);
    assertThat(second.pods().getFirst()).isSameAs(first.pods().getFirst());
    answers.add(new Answer(200, POD));
    time.timePasses(EVERY);
    assertThat(names(sink.receiveMessage(SOON))).containsExactly("web-node");
  }

  @Test
  void sendsNothingBeforeAnAnswerIsGood() {
    answers.add(new Answer(500, "later"));
    source(Map.of());
    sink.expectNoMessage(QUIET);
    answers.add(new Answer(200, "apiVersion: v1\nkind: PodList\nitems: []"));
    time.timePasses(EVERY);
    assertThat(names(sink.receiveMessage(SOON))).isEmpty();
  }

  @Test
  void keepsTheLastGoodSetWhateverComes() {
    answers.add(new Answer(200, POD));
    source(Map.of());
    sink.receiveMessage(SOON);
    refuses("status 200, got 404", new Answer(404, "gone"));
    refuses("zero-length data received", new Answer(200, ""));
    refuses("pods:1:1: expected a Pod", new Answer(200, "<html>"));
    // The fourth failure in a row is the last that is said aloud.
    refuses(
        "further failures at debug level", new Answer(200, LIST.replace("name: two", "name: T_O")));
    answers.add(new Answer(200, POD));
    LoggingTestKit.info("read again after 4 failures")
        .expect(
            kit.system(),
            () -> {
              time.timePasses(EVERY);
              return sink.receiveMessage(SOON);
            });
  }

  @Test
  void ignoresAnotherPodOfTheSameName() {
    answers.add(new Answer(200, LIST.replace("name: two", "name: one")));
    LoggingTestKit.warn("already gives pod default/one-node")
        .expect(
            kit.system(),
            () -> {
              source(Map.of());
              assertThat(names(sink.receiveMessage(SOON))).containsExactly("one-node");
              return true;
            });
  }

  @Test
  void boundsTheAnswer() throws Exception {
    answers.add(new Answer(200, "#".repeat((10 << 20) + 1)));
    try (var download = ManifestDownload.open(ManifestDownload.request(uri(), Map.of()))) {
      var answer = download.get().toCompletableFuture();
      assertThatThrownBy(() -> answer.get(SOON.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IOException.class);
    }
  }

  @Test
  void boundsTheTimeOfAnAnswerThatNeverEnds() throws Exception {
    var ended = new CountDownLatch(1);
    server.createContext(
        "/drip",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (var body = exchange.getResponseBody()) {
            while (!Thread.interrupted()) {
              body.write('#');
              body.flush();
            }
          } finally {
            ended.countDown();
          }
        });
    var request = ManifestDownload.request(uri().resolve("/drip"), Map.of());
    try (var download = ManifestDownload.open(request, Duration.ofMillis(200))) {
      var answer = download.get().toCompletableFuture();
      assertThatThrownBy(() -> answer.get(SOON.toSeconds(), TimeUnit.SECONDS))
          .hasCauseInstanceOf(TimeoutException.class);
      assertThat(ended.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void sendsTheUserOfTheUrlAsBasicAuthorization() throws Exception {
    answers.add(new Answer(200, POD));
    var user = URI.create(uri().toString().replace("http://", "http://me:secret@"));
    try (var download = ManifestDownload.open(ManifestDownload.request(user, Map.of()))) {
      assertThat(download.get().toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo(POD);
    }
    assertThat(requests.take().get("Authorization")).containsExactly("Basic bWU6c2VjcmV0");
  }

  @Test
  void refusesAtOnceWhatCannotBeSent() {
    assertThatThrownBy(() -> ManifestDownload.request(URI.create("ftp://host/"), Map.of()))
        .hasMessage("manifest URL: expected http:// or https://, got ftp://host/");
    assertThatThrownBy(() -> ManifestDownload.request(uri(), Map.of("a b", List.of("c"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("manifest URL header a b: can't be sent");
  }

  private void refuses(String why, Answer answer) {
    answers.add(answer);
    LoggingTestKit.warn(why)
        .expect(
            kit.system(),
            () -> {
              time.timePasses(EVERY);
              return true;
            });
    sink.expectNoMessage(QUIET);
  }

  private void source(Map<String, List<String>> headers) {
    var calls = new BlockingCalls(4);
    kit.spawn(
        ManifestUrl.create(uri(), headers, "node", EVERY, calls, Clock.systemUTC(), sink.getRef()));
    time.timePasses(Duration.ofMillis(1));
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/pods");
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(Map.copyOf(exchange.getRequestHeaders()));
    var answer = answers.poll();
    if (answer == null) {
      throw new IOException("the test has no answer ready");
    }
    var body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static List<String> names(SetPods message) {
    return message.pods().stream().map(Pod::getMetadata).map(meta -> meta.getName()).toList();
  }
}
