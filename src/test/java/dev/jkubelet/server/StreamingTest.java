package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeCall.Verb;
import dev.jkubelet.runtime.FakeRuntime;
import dev.jkubelet.runtime.RuntimeFixture;
import dev.jkubelet.server.stream.spdy.Frame;
import dev.jkubelet.server.stream.spdy.GoAwayStatus;
import dev.jkubelet.server.stream.spdy.ResetStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions on the kubelet's port, in front of processes that only say what they are told to. */
class StreamingTest {
  private static final String V4 = "v4.channel.k8s.io";
  private static final String SUCCESS = "{\"metadata\":{},\"status\":\"Success\"}";

  @TempDir private static Path folder;
  private static FakeRuntime runtime;
  private static OnePod pod;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    runtime = new FakeRuntime(Clock.systemUTC());
    runtime.image(OnePod.PAUSE, FakeBehaviour.runs());
    var image = runtime.image("app:1", FakeBehaviour.runs());
    pod = new OnePod(runtime, new RuntimeFixture.Program(image.id(), List.of()), folder);
    server =
        TestServer.start(
            TestServer.Options.in(folder)
                .withPods(
                    Stream.concat(Stream.of(pod.snapshot()), GoldenPods.snapshots().stream())
                        .toList())
                .withRuntime(runtime));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawHttp.Answer ask(String method, String path, String... headers)
      throws Exception {
    var all = new ArrayList<>(List.of(headers));
    all.add("Content-Length: 0");
    return RawHttp.exchange(server.kubelet(), method + " " + path + " HTTP/1.1", all);
  }

  private static String at(String path) {
    return path.replace("POD", pod.key.namespace() + "/" + pod.key.name())
        .replace("UID", pod.key.uid());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /exec/POD/main?command=ls&output=1 | 500 | 'Upgrade request required\n'",
        "GET  | /exec/POD/main?command=ls&output=1 | 500 | 'Upgrade request required\n'",
        "PUT  | /exec/POD/main?command=ls&output=1 | 405 | 405: Method Not Allowed",
        "POST | /exec/POD/main?command=ls | 400 | 'you must specify at least 1 of stdin, stdout,"
            + " stderr'",
        "POST | /exec/POD/main?command=ls&tty=1&error=1 | 400 | 'you must specify at least 1 of"
            + " stdin, stdout, stderr'",
        "POST | /exec/POD/nothing?command=ls&output=1 | 500 | container not found (\"nothing\")",
        "POST | /exec/POD/dead?command=ls&output=1 | 500 | container not found (\"dead\")",
        "POST | /exec/POD/wrong-uid/main?command=ls&output=1 | 500 | container not found"
            + " (\"main\")",
        "POST | /exec/demo/nothing/x?command=ls&output=1 | 404 | pod does not exist",
        "POST | /exec/demo/nothing | 404 | 404: Page Not Found",
        "POST | /attach/POD/main?output=1 | 500 | 'Upgrade request required\n'",
        "POST | /portForward/POD?port=8080 | 500 | 'Upgrade request required\n'",
        "POST | /portForward/demo/nothing | 404 | pod does not exist",
        "POST | /portForward/POD/wrong-uid | 404 | pod not found",
        "POST | /portForward/golden/done-golden-node | 500 | pod not found"
            + " (\"done-golden-node_golden\")",
        "GET  | /run/POD/main?cmd=ls | 405 | 405: Method Not Allowed",
        "POST | /run/POD/dead?cmd=ls | 500 | container not found (\"dead\")",
        "POST | /run/POD/main?cmd=says%20out%20err%200 | 200 | outerr",
        "POST | /exec/POD/UID/main?command=ls&output=1 | 500 | 'Upgrade request required\n'",
        "POST | /attach/POD/UID/main?output=1 | 500 | 'Upgrade request required\n'",
        "POST | /attach/POD/wrong-uid/main?output=1 | 500 | container main not found in pod FULL",
        "POST | /portForward/POD/UID | 500 | 'Upgrade request required\n'",
        "POST | /run/POD/UID/main?cmd=says%20out%20err%200 | 200 | outerr",
        "POST | /run/POD/main?cmd=says%20out%20err%203 | 500 | command 'says out err 3' exited"
            + " with 3: err",
      })
  void answersAsTheKubelet(String method, String path, int status, String text) throws Exception {
    var answer = ask(method, at(path));

    assertThat(answer.text())
        .isEqualTo(text.replace("FULL", pod.key.name() + "_" + pod.key.namespace()));
    assertThat(answer.status()).isEqualTo(status);
  }

  @Test
  void anUpgradeNeedsAProtocol() throws Exception {
    try (var client = new SpdyClient(server.kubelet(), pod.exec("output=1", "ls"))) {
      assertThat(client.status()).isEqualTo(400);
      assertThat(client.body())
          .isEqualTo("unable to upgrade: X-Stream-Protocol-Version is required\n");
    }
  }

  @Test
  void anUpgradeNeedsAProtocolThatTheServerSpeaks() throws Exception {
    var path = pod.exec("output=1", "ls");
    try (var client = new SpdyClient(server.kubelet(), path, "v9.channel.k8s.io")) {
      assertThat(client.status()).isEqualTo(403);
      assertThat(client.head())
          .contains(
              "X-Accepted-Stream-Protocol-Versions: v4.channel.k8s.io, v3.channel.k8s.io,"
                  + " v2.channel.k8s.io, channel.k8s.io\r\n");
      assertThat(client.body())
          .isEqualTo(
              "unable to upgrade: unable to negotiate protocol: client supports"
                  + " [v9.channel.k8s.io], server accepts [v4.channel.k8s.io v3.channel.k8s.io"
                  + " v2.channel.k8s.io channel.k8s.io]\n");
    }
  }

  private static SpdyClient exec(String flags, String... command) throws Exception {
    var client = new SpdyClient(server.kubelet(), pod.exec(flags, command), V4);
    assertThat(client.status()).isEqualTo(101);
    return client;
  }

  @Test
  void aPingIsAnswered() throws Exception {
    try (var client = exec("output=1", "cat")) {
      client.send(new Frame.Ping(7));

      assertThat(client.next(Frame.Ping.class)).contains(new Frame.Ping(7));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8002000600000004", // SPDY/2
        "80030001ffffffff", // a header block of 16 MiB
        "800300010000000e00000001000000000000deadbeef", // a header block that is none
        "000000000000000100" // data of stream 0
      })
  void aMalformedFrameEndsTheConnection(String frame) throws Exception {
    try (var client = exec("output=1", "cat")) {
      client.open("error");
      client.write(HexFormat.of().parseHex(frame));

      assertThat(client.next(Frame.GoAway.class))
          .contains(new Frame.GoAway(1, GoAwayStatus.PROTOCOL_ERROR.code()));
    }
  }

  @Test
  void aStreamsIdIsUsedOnce() throws Exception {
    try (var client = exec("input=1&output=1", "cat")) {
      int error = client.open("error");
      int stdin = client.open("stdin");
      client.send(new Frame.SynStream(stdin, Map.of("streamtype", "stdout"), false));
      assertThat(client.next(Frame.RstStream.class))
          .contains(new Frame.RstStream(stdin, ResetStatus.PROTOCOL_ERROR.code()));

      int stdout = client.open("stdout");
      client.send(stdin, "still here");
      client.end(stdin);
      assertThat(client.text(stdout)).isEqualTo("still here");
      assertThat(client.text(error)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void dataOfAStreamThatIsOverEndsIt() throws Exception {
    try (var client = exec("input=1&output=1", "cat")) {
      int error = client.open("error");
      client.end(error);
      client.send(error, "more");

      assertThat(client.next(Frame.RstStream.class))
          .contains(new Frame.RstStream(error, ResetStatus.STREAM_ALREADY_CLOSED.code()));
    }
  }

  @Test
  void aClientThatKeepsWindowsGetsNoMoreThanTheyAllow() throws Exception {
    try (var client = exec("input=1&output=1", "cat")) {
      client.send(new Frame.Settings(OptionalInt.of(4)));
      client.open("error");
      int stdin = client.open("stdin");
      int stdout = client.open("stdout");
      client.send(stdin, "0123456789");

      assertThat(client.text(stdout, 4)).isEqualTo("0123");
      client.send(new Frame.Ping(1));
      client.next(Frame.Ping.class);
      assertThat(client.text(stdout, 4)).isEqualTo("0123");
      client.send(new Frame.WindowUpdate(stdout, 6));
      assertThat(client.text(stdout, 10)).isEqualTo("0123456789");
    }
  }

  @Test
  void whatIsReadIsCredited() throws Exception {
    try (var client = exec("input=1&output=1", "cat")) {
      client.open("error");
      int stdin = client.open("stdin");
      client.open("stdout");
      client.send(new Frame.Data(stdin, ByteString.fromArray(new byte[40_000]), false));

      assertThat(client.next(Frame.WindowUpdate.class)).isPresent();
    }
  }

  @Test
  void tooManyStreamsAreRefused() throws Exception {
    var client = new SpdyClient(server.kubelet(), pod.portForward(), "portforward.k8s.io");
    try (client) {
      for (int i = 0; i < 1000; i++) {
        client.open(Map.of("streamtype", "data", "port", "80", "requestid", String.valueOf(i)));
      }
      int refused = client.open("data");

      assertThat(client.next(Frame.RstStream.class))
          .contains(new Frame.RstStream(refused, ResetStatus.REFUSED_STREAM.code()));
    }
  }

  @Test
  void aForwardedStreamNeedsItsHeaders() throws Exception {
    var client = new SpdyClient(server.kubelet(), pod.portForward(), "portforward.k8s.io");
    try (client) {
      int id = client.open(Map.of("streamtype", "data", "port", "70000"));

      assertThat(client.next(Frame.RstStream.class))
          .contains(new Frame.RstStream(id, ResetStatus.CANCEL.code()));
    }
  }

  /** Each connection is a data and an error stream; both sides' ends are apart. */
  private record Forwarded(SpdyClient client, int error, int data) {
    static Forwarded to(SpdyClient client, int port) throws IOException {
      var headers = Map.of("port", String.valueOf(port), "requestid", "1");
      int error = client.open(with(headers, "error"));
      return new Forwarded(client, error, client.open(with(headers, "data")));
    }

    private static Map<String, String> with(Map<String, String> headers, String type) {
      var all = new HashMap<>(headers);
      all.put("streamtype", type);
      return all;
    }
  }

  @Test
  void aForwardedConnectionReadsOnAfterItsClientHasEnded() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new SpdyClient(server.kubelet(), pod.portForward(), "portforward.k8s.io")) {
      runtime.listens(7001, listener.getLocalPort());
      var forwarded = Forwarded.to(client, 7001);
      client.send(forwarded.data(), "question");
      client.end(forwarded.data());
      try (var inPod = listener.accept()) {
        assertThat(inPod.getInputStream().readAllBytes()).asString().isEqualTo("question");
        inPod.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
      }

      assertThat(client.text(forwarded.data())).isEqualTo("answer");
      assertThat(client.text(forwarded.error())).isEmpty();
    }
  }

  @Test
  void aForwardedConnectionWritesOnAfterThePodHasEnded() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new SpdyClient(server.kubelet(), pod.portForward(), "portforward.k8s.io")) {
      runtime.listens(7002, listener.getLocalPort());
      var forwarded = Forwarded.to(client, 7002);
      try (var inPod = listener.accept()) {
        inPod.getOutputStream().write("all I say".getBytes(StandardCharsets.UTF_8));
        inPod.shutdownOutput();
        assertThat(client.text(forwarded.data())).isEqualTo("all I say");

        client.send(forwarded.data(), "and I go on");
        client.end(forwarded.data());
        assertThat(inPod.getInputStream().readAllBytes()).asString().isEqualTo("and I go on");
      }
    }
  }

  @Test
  void howACommandEndedIsAskedAfterItsEnd() throws Exception {
    try (var client = exec("input=1&output=1", "cats", "7")) {
      int error = client.open("error");
      int stdin = client.open("stdin");
      int stdout = client.open("stdout");
      client.send(stdin, "alive");
      client.text(stdout, 5);
      client.end(stdin);

      assertThat(client.text(error)).contains("exit code: Error executing in Docker Container: 7");
    }
  }

  @Test
  void afterItsEndTheConnectionGoesAway() throws Exception {
    try (var client = exec("output=1", "says", "out", "err", "0")) {
      int error = client.open("error");
      client.open("stdout");
      assertThat(client.text(error)).isEqualTo(SUCCESS);

      assertThat(client.next(Frame.GoAway.class))
          .contains(new Frame.GoAway(3, GoAwayStatus.OK.code()));
    }
  }

  @Test
  void twoHundredSessionsAtOnceLeaveNothingBehind() throws Exception {
    var clients = new ArrayList<SpdyClient>();
    for (int i = 0; i < 200; i++) {
      clients.add(exec("input=1&output=1", "cat"));
    }
    for (var client : clients) {
      client.open("error");
      int stdin = client.open("stdin");
      client.open("stdout");
      client.send(stdin, "hello");
    }
    for (var client : clients) {
      assertThat(client.text(5, 5)).isEqualTo("hello");
    }
    // Half of them end well, the others just leave.
    for (int i = 0; i < clients.size(); i += 2) {
      clients.get(i).end(3);
      assertThat(clients.get(i).text(1)).isEqualTo(SUCCESS);
    }
    for (var client : clients) {
      client.close();
    }

    Soon.holds(() -> runtime.heldProcesses() == 0);
  }

  @Test
  void aProcessThatStartsAfterItsClientLeftIsLetGo() throws Exception {
    var hang = runtime.hang(Verb.EXEC, _ -> true);
    try (var client = exec("input=1&output=1", "cat")) {
      client.open("error");
      client.open("stdin");
      client.open("stdout");
      Soon.holds(() -> !hang.held().isEmpty());
    }
    hang.release();

    Soon.holds(() -> runtime.heldProcesses() == 0);
  }

  @Test
  void aSessionInWhichNothingMovesEnds() throws Exception {
    var options =
        TestServer.Options.in(folder)
            .withPods(List.of(pod.snapshot()))
            .withRuntime(runtime)
            .withLimits(
                new TestServer.Limits(
                    ServerSettings.StreamLimits.ofIdle(Duration.ofMillis(300)),
                    Duration.ofMinutes(3)));
    try (var quick = TestServer.start(options);
        var client = new SpdyClient(quick.kubelet(), pod.exec("input=1&output=1", "cat"), V4);
        var socket =
            new WebSocketClient(quick.at("--port"), pod.exec("input=1&output=1", "cat"), V4)) {
      client.open("error");
      client.open("stdin");
      client.open("stdout");

      assertThat(client.next(Frame.GoAway.class))
          .contains(new Frame.GoAway(5, GoAwayStatus.OK.code()));
      assertThat(socket.closed()).isEqualTo(1000);
    }
    Soon.holds(() -> runtime.heldProcesses() == 0);
  }

  private static WebSocketClient webSocket(String path, String protocol) throws Exception {
    return new WebSocketClient(server.at("--port"), path, protocol);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"})
  void olderProtocolsSayNothingOfASuccessAndWordsOfAFailure(String protocol) throws Exception {
    for (var code : List.of("0", "3")) {
      var path = pod.exec("output=1", "says", "out", "err", code);
      try (var client = new SpdyClient(server.kubelet(), path, protocol)) {
        int error = client.open("error");
        int stdout = client.open("stdout");

        assertThat(client.text(stdout)).isEqualTo("out");
        assertThat(client.text(error))
            .isEqualTo(
                code.equals("0")
                    ? ""
                    : "command terminated with non-zero exit code: Error executing in Docker"
                        + " Container: 3");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v4.channel.k8s.io, true",
    "v3.channel.k8s.io, true",
    "v2.channel.k8s.io, false",
    "channel.k8s.io, false"
  })
  void theSizeOfATerminalIsAStreamSinceTheThirdProtocol(String protocol, boolean resizes)
      throws Exception {
    var path = pod.exec("input=1&output=1&tty=1", "cat");
    try (var client = new SpdyClient(server.kubelet(), path, protocol)) {
      client.open("error");
      int stdin = client.open("stdin");
      int stdout = client.open("stdout");
      if (resizes) {
        client.send(client.open("resize"), "{\"Width\":121,\"Height\":33}\n");
      }
      client.send(stdin, "typed");

      assertThat(client.text(stdout, 5)).isEqualTo("typed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v4.channel.k8s.io", "v5.channel.k8s.io"})
  void aWebSocketCarriesACommand(String protocol) throws Exception {
    try (var client =
        webSocket(pod.exec("output=1&error=1", "says", "out", "err", "0"), protocol)) {
      assertThat(client.protocol()).isEqualTo(protocol);
      assertThat(client.text(1, "out"::equals)).isEqualTo("out");
      assertThat(client.text(2, "err"::equals)).isEqualTo("err");
      assertThat(client.text(3, SUCCESS::equals)).isEqualTo(SUCCESS);
      assertThat(client.closed()).isEqualTo(1000);
    }
  }

  @Test
  void aWebSocketWithoutAProtocolGetsWords() throws Exception {
    try (var client = webSocket(pod.exec("output=1", "says", "out", "err", "3"), "")) {
      var words =
          "command terminated with non-zero exit code: Error executing in Docker Container: 3";
      assertThat(client.text(3, words::equals)).isEqualTo(words);
    }
  }

  @Test
  void aV5ClientEndsItsInput() throws Exception {
    try (var client = webSocket(pod.exec("input=1&output=1", "cat"), "v5.channel.k8s.io")) {
      client.send(0, "hello");
      assertThat(client.text(1, "hello"::equals)).isEqualTo("hello");
      client.end(0);

      assertThat(client.text(3, SUCCESS::equals)).isEqualTo(SUCCESS);
    }
  }

  @Test
  void aLongMessageIsPassedOnAsItComes() throws Exception {
    try (var client = webSocket(pod.exec("input=1&output=1", "cat"), V4)) {
      client.sendPart("\0hello", false);
      assertThat(client.text(1, "hello"::equals)).isEqualTo("hello");

      client.sendPart(" world", true);
      assertThat(client.text(1, "hello world"::equals)).isEqualTo("hello world");
    }
  }

  @Test
  void onlyAnOpenChannelIsEnded() throws Exception {
    try (var client = webSocket(pod.exec("input=1&output=1", "cat"), "v5.channel.k8s.io")) {
      client.end(2);
      client.end(77);
      client.send(0, "still here");

      assertThat(client.text(1, "still here"::equals)).isEqualTo("still here");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base64.channel.k8s.io", "v4.base64.channel.k8s.io"})
  void base64IsForClientsThatOnlyKnowText(String protocol) throws Exception {
    var path = pod.exec("input=1&output=1", "cat");
    try (var client = webSocket(path, protocol)) {
      client.sendBase64(0, "hello");

      assertThat(client.text(1, "hello"::equals)).isEqualTo("hello");
    }
  }

  @Test
  void aWebSocketWithAnUnknownProtocolIsForbidden() {
    assertThatThrownBy(() -> webSocket(pod.exec("output=1", "cat"), "v9.channel.k8s.io"))
        .rootCause()
        .hasMessageContaining("403");
  }

  @Test
  void aWebSocketForwardsThePortsOfItsRequest() throws Exception {
    try (var client = webSocket(pod.portForward() + "?port=81,8080", V4)) {
      assertThat(client.text(0, text -> text.length() == 2)).isEqualTo("Q\0");
      assertThat(client.text(3, text -> text.length() > 2))
          .endsWith(
              "error forwarding port 8080 to pod "
                  + pod.sandbox()
                  + ", uid : can't connect to 127.0.0.1:8080 in the pod: Connection refused");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"portforward.k8s.io", "v4.channel.k8s.io", "v5.channel.k8s.io"})
  void aWebSocketsConnectionCarriesBytesBothWays(String protocol) throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      runtime.listens(7003, listener.getLocalPort());
      try (var client = webSocket(pod.portForward() + "?port=7003", protocol);
          var inPod = listener.accept()) {
        client.send(0, "question");
        assertThat(inPod.getInputStream().readNBytes(8)).asString().isEqualTo("question");
        inPod.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));

        assertThat(client.text(0, text -> text.length() == 8)).endsWith("answer");
      }
    }
  }

  /** As kubectl since 1.31 asks for it. */
  @Test
  void spdyIsTunneledThroughAWebSocket() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      runtime.listens(7004, listener.getLocalPort());
      try (var tunnel = new TunnelClient(server.kubelet(), pod.portForward())) {
        assertThat(tunnel.head())
            .startsWith("HTTP/1.1 101 ")
            .contains("Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io\r\n");
        var headers = Map.of("port", "7004", "requestid", "1");
        tunnel.send(new Frame.SynStream(1, Forwarded.with(headers, "error"), false));
        tunnel.send(new Frame.SynStream(3, Forwarded.with(headers, "data"), false));
        tunnel.send(new Frame.Data(3, ByteString.fromString("question"), true));
        try (var inPod = listener.accept()) {
          assertThat(inPod.getInputStream().readAllBytes()).asString().isEqualTo("question");
          inPod.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(tunnel.text(3)).isEqualTo("answer");
      }
    }
  }

  @Test
  void aWebSocketsPortsAreRequired() {
    assertThatThrownBy(() -> webSocket(pod.portForward(), V4))
        .rootCause()
        .hasMessageContaining("400");
  }
}
