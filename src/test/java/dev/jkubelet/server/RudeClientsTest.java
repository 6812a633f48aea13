package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeCall;
import dev.jkubelet.runtime.FakeRuntime;
import dev.jkubelet.runtime.RuntimeFixture;
import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.GoAwayStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.snapshot.MaterializerState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.FutureConverters;

/** Clients that keep no rules: each is told so, and no process, connection or stream is left. */
class RudeClientsTest {
  private static final String V4 = "v4.channel.k8s.io";
  private static final int MANY = 50;
  private static final int SILENT = 200;
  private static final int HALF_OPEN = 1500;

  /** As many as the port serves, and nearly as many that wait to be. */
  private static final int AT_A_TIME = 1000;

  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final byte[] HALF_A_HELLO = {22, 3, 1, 2, 0, 1, 0, 1};
  private static final int ALERT = 21;

  /** A busy machine takes long for the handshakes of the others. */
  private static final int PATIENCE_MILLIS = 60_000;

  @TempDir private static Path folder;
  private static FakeRuntime runtime;
  private static OnePod pod;
  private static TestServer server;
  private static long sockets;
  private static int streams;

  private final List<AutoCloseable> clients = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    runtime = new FakeRuntime(Clock.systemUTC());
    runtime.image(OnePod.PAUSE, FakeBehaviour.runs());
    var image = runtime.image("app:1", FakeBehaviour.runs());
    pod = new OnePod(runtime, new RuntimeFixture.Program(image.id(), List.of()), folder);
    server =
        TestServer.start(
            TestServer.Options.in(folder).withPods(List.of(pod.snapshot())).withRuntime(runtime));
    sockets = sockets();
    streams = streams();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Whatever a test did: its clients leave, and the next finds all as it was. */
  @AfterEach
  void nothingIsLeft() throws Exception {
    for (var client : clients) {
      client.close();
    }
    Soon.holds(
        () -> runtime.heldProcesses() == 0 && sockets() <= sockets && streams() <= streams,
        () ->
            "%d processes, %d sockets of %d, %d streams of %d"
                .formatted(runtime.heldProcesses(), sockets(), sockets, streams(), streams));
  }

  private static long sockets() {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(RudeClientsTest::isSocket).count();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException gone) {
      return false;
    }
  }

  private static int streams() {
    return streams(server);
  }

  private static int streams(TestServer server) {
    var system = server.kit().system();
    return FutureConverters.asJava(
            MaterializerState.streamSnapshots(SystemMaterializer.get(system).materializer()))
        .toCompletableFuture()
        .join()
        .size();
  }

  private SpdyClient exec(String flags, String... command) throws Exception {
    var client = new SpdyClient(server.kubelet(), pod.exec(flags, command), V4);
    clients.add(client);
    assertThat(client.status()).as(client.head()).isEqualTo(101);
    return client;
  }

  @Test
  void hundredsWhoSayNothingOrOpenNothingLeaveRoomForWhoDoes() throws Exception {
    for (int i = 0; i < SILENT; i++) {
      var at = server.at("--port");
      clients.add(new Socket(at.getAddress(), at.getPort()));
    }
    for (int i = 0; i < MANY; i++) {
      exec("output=1", "cat").open("error");
    }

    var client = exec("input=1&output=1", "cat");
    client.open("error");
    int stdin = client.open("stdin");
    int stdout = client.open("stdout");
    client.send(stdin, "hello");
    assertThat(client.text(stdout, 5)).isEqualTo("hello");
  }

  @Test
  void thousandsOfHalfOpenUpgradesAreEndedAndLeaveNothing() throws Exception {
    var limits =
        new TestServer.Limits(new ServerSettings.StreamLimits(MOMENT, Duration.ofHours(4)), MOMENT);
    var options =
        TestServer.Options.in(folder).withPods(List.of(pod.snapshot())).withRuntime(runtime);
    long commands = commands();
    try (var impatient = TestServer.start(options.withLimits(limits));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long open = sockets();
      int running = streams(impatient);
      var places = new Semaphore(AT_A_TIME);
      var ends = new ArrayList<Future<?>>();
      for (int i = 0; i < HALF_OPEN; i++) {
        int kind = i % 50;
        ends.add(
            threads.submit(
                () -> {
                  places.acquire();
                  isEnded(impatient, kind);
                  places.release();
                  return kind;
                }));
      }
      for (var end : ends) {
        end.get();
      }
      Soon.holds(
          () -> sockets() <= open && streams(impatient) <= running,
          () ->
              "%d sockets of %d, %d streams of %d"
                  .formatted(sockets(), open, streams(impatient), running));
    }
    assertThat(commands()).isEqualTo(commands);
  }

  private static long commands() {
    return runtime.calls().stream().filter(call -> call.verb() == FakeCall.Verb.EXEC).count();
  }

  /** Waits, in the midst of an upgrade, for what the server has to say to that. */
  private static void isEnded(TestServer impatient, int kind) throws Exception {
    switch (kind) {
      case 0, 1 -> {
        try (var client = new SpdyClient(impatient.kubelet(), pod.exec("output=1", "cat"), V4)) {
          // On a machine that is busy its handshake alone may have taken too long.
          if (!client.head().isEmpty()) {
            assertThat(client.status()).isEqualTo(101);
            if (kind == 1) {
              client.open("error");
            }
            assertThat(client.next(Frame.GoAway.class)).isPresent();
          }
        }
      }
      case 2, 3 -> {
        try (var socket = impatient.kubelet()) {
          var half = "POST " + pod.exec("output=1", "cat") + " HTTP/1.1\r\nHost: node\r\nUpgra";
          socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
          assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
      }
      default -> {
        try (var socket = RawHttp.plain(impatient.at("--port"))) {
          socket.setSoTimeout(PATIENCE_MILLIS);
          socket.getOutputStream().write(HALF_A_HELLO);
          assertThat(socket.getInputStream().read()).isIn(-1, ALERT);
        }
      }
    }
  }

  @Test
  void whoNeverOpensAWindowIsSentNothing() throws Exception {
    var client = exec("output=1", "floods", "100000000");
    client.send(new Frame.Settings(OptionalInt.of(0)));
    client.open("error");
    int stdout = client.open("stdout");
    Soon.holds(() -> runtime.heldProcesses() == 1);
    client.send(new Frame.Ping(1));

    assertThat(client.next(Frame.Ping.class)).isPresent();
    assertThat(client.text(stdout, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8002000600000004", // SPDY/2
        "80030001ffffffff", // a header block of 16 MiB
        "000000000000000100" // data of stream 0
      })
  void whoseFrameIsMalformedLosesItsProcess(String frame) throws Exception {
    var client = exec("input=1&output=1", "cat");
    client.open("error");
    int stdin = client.open("stdin");
    int stdout = client.open("stdout");
    client.send(stdin, "hello");
    client.text(stdout, 5);
    client.write(HexFormat.of().parseHex(frame));

    assertThat(client.next(Frame.GoAway.class))
        .contains(new Frame.GoAway(5, GoAwayStatus.PROTOCOL_ERROR.code()));
    Soon.holds(() -> runtime.heldProcesses() == 0);
  }

  @Test
  void whoUsesAStreamsIdAgainKeepsItsProcess() throws Exception {
    var client = exec("input=1&output=1", "cat");
    client.open("error");
    int stdin = client.open("stdin");
    int stdout = client.open("stdout");
    for (int i = 0; i < MANY; i++) {
      client.send(new Frame.SynStream(stdin, Map.of("streamtype", "stdout"), false));
      assertThat(client.next(Frame.RstStream.class)).isPresent();
    }
    client.send(stdin, "hello");

    assertThat(client.text(stdout, 5)).isEqualTo("hello");
  }
}
