package dev.jkubelet.runtime.docker;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.OomKills;
import dev.jkubelet.runtime.PullProgress;
import dev.jkubelet.runtime.RegistryCredentials;
import dev.jkubelet.runtime.RuntimeEvent;
import dev.jkubelet.runtime.StandardStreams;
import dev.jkubelet.runtime.docker.FakeEngine.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that is away, hangs, hangs up or talks nonsense. */
class DockerFaultsTest {
  private static final Duration LIMIT = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  @TempDir Path folder;
  private FakeEngine engine;
  private DockerRuntime runtime;

  private DockerRuntime against(Function<String, Answer> answers) throws IOException {
    engine = new FakeEngine(folder.resolve("docker.sock"), answers);
    return connected(engine.endpoint(), PATIENCE);
  }

  private DockerRuntime againstSilence() throws IOException {
    engine = new FakeEngine(folder.resolve("docker.sock"), _ -> Answer.silence());
    return connected(engine.endpoint(), LIMIT);
  }

  private DockerRuntime connected(String endpoint, Duration limit) {
    var options = DockerOptions.of(endpoint, limit).withPullProgressLimit(limit);
    runtime = DockerRuntime.connect(options, new BlockingCalls(8), OomKills.ofKernel());
    return runtime;
  }

  @AfterEach
  void close() throws IOException {
    if (runtime != null) {
      runtime.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  private static Throwable failure(CompletionStage<?> stage) {
    return catchThrowable(() -> stage.toCompletableFuture().get(30, SECONDS)).getCause();
  }

  @Test
  void anEngineThatIsAwayIsUnavailable() {
    var nowhere = connected("unix://" + folder.resolve("nobody.sock"), PATIENCE);

    assertThat(failure(nowhere.start("a")))
        .isInstanceOf(EngineException.Unavailable.class)
        .hasMessageContaining("Cannot connect to the Docker daemon at unix://" + folder)
        .hasMessageContaining("Is the docker daemon running? (No such file or directory)")
        .hasMessageEndingWith("apt-get install docker.io");
  }

  @Test
  void aCallThatGetsNoAnswerTimesOutAndDropsItsConnection() throws Exception {
    var hung = againstSilence();

    assertThat(failure(hung.start("a"))).isInstanceOf(EngineException.TimedOut.class);
    assertThat(engine.seen.poll(30, SECONDS)).isEqualTo("POST /containers/a/start HTTP/1.1");
    assertThat(engine.seen.poll(30, SECONDS)).isEqualTo("closed");
  }

  @Test
  void aStopMayTakeItsGracePeriodLonger() throws Exception {
    var hung = againstSilence();
    var before = System.nanoTime();

    assertThat(failure(hung.stop("a", Duration.ofMillis(700))))
        .isInstanceOf(EngineException.TimedOut.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(1200));
    assertThat(engine.seen.poll(30, SECONDS)).isEqualTo("POST /containers/a/stop?t=1 HTTP/1.1");
  }

  @Test
  void connectionsThatARestartedEngineForgotAreReplaced() throws Exception {
    var restarting = against(_ -> Answer.of("304 Not Modified", "").andClose());
    restarting.stop("a", Duration.ZERO).toCompletableFuture().get(30, SECONDS);
    assertThat(engine.seen.poll(30, SECONDS)).startsWith("POST");
    assertThat(engine.seen.poll(30, SECONDS)).isEqualTo("closed");

    restarting.stop("b", Duration.ZERO).toCompletableFuture().get(30, SECONDS);
  }

  @Test
  void ofManyConnectionsAtATimeFewAreKept() throws Exception {
    var all = new CountDownLatch(60);
    engine =
        new FakeEngine(
            folder.resolve("docker.sock"),
            _ -> {
              all.countDown();
              awaitAll(all);
              return Answer.of("200 OK", "[]");
            });
    var options = DockerOptions.of(engine.endpoint(), PATIENCE);
    runtime = DockerRuntime.connect(options, new BlockingCalls(60), OomKills.ofKernel());
    var calls = IntStream.range(0, 60).mapToObj(_ -> runtime.list()).toList();
    for (var call : calls) {
      assertThat(call.toCompletableFuture().get(30, SECONDS)).isEmpty();
    }

    while (engine.open() > 16) {
      assertThat(engine.seen.poll(10, SECONDS)).as("still open: " + engine.open()).isNotNull();
    }
    assertThat(engine.open()).isEqualTo(16);
  }

  private static void awaitAll(CountDownLatch all) {
    try {
      assertThat(all.await(30, SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void errorsKeepTheEnginesWords() throws Exception {
    var refusing =
        against(
            line ->
                line.contains("/start")
                    ? Answer.of("500 Internal Server Error", "{\"message\":\"driver failed\"}")
                    : Answer.of("404 Not Found", "{\"message\":\"No such container: a\"}"));

    assertThat(failure(refusing.start("a")))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessage("failed to start container \"a\": Error response from daemon: driver failed");
    assertThat(failure(refusing.inspect("a")))
        .isInstanceOf(EngineException.NotFound.class)
        .hasMessage("Error response from daemon: No such container: a");
  }

  @Test
  void nonsenseIsRefused() throws Exception {
    var mad = against(_ -> Answer.of("200 OK", "<html>"));

    assertThat(failure(mad.inspect("a"))).isInstanceOf(EngineException.Refused.class);
    assertThat(failure(mad.list())).isInstanceOf(EngineException.class);
  }

  @Test
  void aPullThatMakesNoProgressTimesOut() throws Exception {
    var hung = againstSilence();

    assertThat(failure(hung.pull("r.test/slow", Optional.empty())))
        .isInstanceOf(EngineException.TimedOut.class)
        .hasMessageContaining("r.test/slow")
        .hasMessageContaining("no progress");
    assertThat(engine.seen.poll(30, SECONDS))
        .isEqualTo("POST /images/create?fromImage=r.test%2Fslow&tag=latest HTTP/1.1");
    assertThat(engine.seen.poll(30, SECONDS)).isEqualTo("closed");
  }

  @Test
  void aPullTellsHowFarItIs() throws Exception {
    var lines =
        String.join(
            "\r\n",
            "{'status': 'Pulling from library/big', 'id': 'latest'}",
            "{'status': 'Already exists', 'id': 'a'}",
            "{'status': 'Pulling fs layer', 'id': 'b'}",
            "{'status': 'Downloading', 'progressDetail': {'current': 5, 'total': 9}, 'id': 'b'}",
            "{'status': 'Downloading', 'progressDetail': {'current': 9, 'total': 9}, 'id': 'b'}",
            "{'status': 'Extracting', 'progressDetail': {'current': 1, 'total': 9}, 'id': 'b'}",
            "{'status': 'Pull complete', 'progressDetail': {}, 'id': 'b'}");
    var pulling =
        against(
            line ->
                line.startsWith("POST")
                    ? Answer.of("200 OK", lines.replace('\'', '"'))
                    : Answer.of("404 Not Found", "{}"));
    var heard = new CopyOnWriteArrayList<PullProgress>();

    failure(pulling.pull("r.test/big", Optional.empty(), heard::add));

    assertThat(heard)
        .containsExactly(
            new PullProgress(1, 1, 0),
            new PullProgress(1, 2, 0),
            new PullProgress(1, 2, 5),
            new PullProgress(1, 2, 9),
            new PullProgress(2, 2, 9));
  }

  @Test
  void aPullTellsTheRegistrysRefusal() throws Exception {
    var error = "{\"errorDetail\":{\"code\":503,\"message\":\"<html>\"},\"error\":\"<html>\"}";
    var refusing =
        against(
            line ->
                line.contains("private")
                    ? Answer.of("404 Not Found", "{\"message\":\"pull access denied\"}")
                    : Answer.of("200 OK", "{\"status\":\"Pulling\"}\r\n" + error));
    var credentials = new RegistryCredentials("r.test", "me", "secret");

    assertThat(failure(refusing.pull("r.test/private:1", Optional.of(credentials))))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessage("Error response from daemon: pull access denied");
    assertThat(failure(refusing.pull("r.test/gone:1", Optional.empty())))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessage("RegistryUnavailable: <html>");
  }

  @Test
  void aPullOfWhatIsNoImageIsRefusedWithoutAsking() throws Exception {
    var asked = againstSilence();

    assertThat(failure(asked.pull("../containers/json?x=", Optional.empty())))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageContaining("invalid reference format");
    assertThat(engine.seen).isEmpty();
  }

  @Test
  void anEventStreamThatEndsIsToldOnce() throws Exception {
    var event =
        """
        {"Type":"container","Action":"die","Actor":{"ID":"a","Attributes":\
        {"io.kubernetes.pod.uid":"u","io.kubernetes.container.name":"main"}}}\
        """;
    var ending = against(_ -> Answer.of("200 OK", event).andClose());
    var events = new LinkedBlockingQueue<RuntimeEvent>();
    var ends = new LinkedBlockingQueue<Throwable>();

    try (var _ = ending.events(events::add, ends::add)) {
      assertThat(events.poll(30, SECONDS))
          .isEqualTo(new RuntimeEvent(RuntimeEvent.Kind.DIE, "a", "u", "main"));
      assertThat(ends.poll(30, SECONDS)).isInstanceOf(EngineException.Unavailable.class);
    }
    assertThat(ends.poll(100, MILLISECONDS)).isNull();
  }

  @Test
  void closingAnEventStreamEndsItsConnectionAndIsNotAnEnd() throws Exception {
    var hung = againstSilence();
    var ends = new AtomicInteger();
    var stream = hung.events(_ -> {}, _ -> ends.incrementAndGet());
    assertThat(engine.seen.poll(30, SECONDS)).startsWith("GET /events?since=");

    stream.close();

    assertThat(engine.seen.poll(30, SECONDS)).isEqualTo("closed");
    assertThat(ends).hasValue(0);
  }

  @Test
  void anEndpointIsASocketOrAPort() {
    for (var wrong : new String[] {"", "docker", "unix:docker.sock", "tcp://host", "http://h:1"}) {
      assertThatThrownBy(() -> DockerOptions.of(wrong, LIMIT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "docker-endpoint: expected unix:///path or tcp://host:port, got \"" + wrong + "\"");
    }
    assertThat(DockerOptions.of("tcp://127.0.0.1:2375", LIMIT).endpoint().getPort())
        .isEqualTo(2375);
  }

  @Test
  void aProcessThatIsStillStartingWhenItsClientLeavesIsEndedOnceItIsThere() throws Exception {
    var process = new ProcessBuilder("sleep", "300").start();
    var tellings =
        List.of(
                "{\"Running\":false,\"ExitCode\":null,\"Pid\":0}",
                "{\"Running\":true,\"ExitCode\":null,\"Pid\":0}",
                "{\"Running\":true,\"ExitCode\":null,\"Pid\":%d}".formatted(process.pid()))
            .iterator();
    var starting =
        against(
            line -> {
              if (line.contains("/containers/a/exec")) {
                return Answer.of("201 Created", "{\"Id\":\"e\"}");
              }
              if (line.contains("/exec/e/start")) {
                return new Answer("HTTP/1.1 101 UPGRADED\r\n\r\n", false);
              }
              return Answer.of("200 OK", tellings.next());
            });
    try {
      starting
          .exec("a", List.of("sleep", "300"), new StandardStreams(true, true, false, false))
          .toCompletableFuture()
          .get(30, SECONDS)
          .close();

      assertThat(process.waitFor(30, SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }
}
