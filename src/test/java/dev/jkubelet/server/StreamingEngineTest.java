package dev.jkubelet.server;

import static dev.jkubelet.server.OnePod.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.OomKills;
import dev.jkubelet.runtime.RuntimeFixture;
import dev.jkubelet.runtime.docker.DockerOptions;
import dev.jkubelet.runtime.docker.DockerRuntime;
import dev.jkubelet.server.stream.spdy.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kubelet's port in front of a real engine, spoken to as kubectl does. */
class StreamingEngineTest {
  private static final String V4 = "v4.channel.k8s.io";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static OnePod pod;
  private static DockerRuntime runtime;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    runtime =
        DockerRuntime.connect(
            DockerOptions.of(System.getenv("DOCKER_HOST"), Duration.ofSeconds(30))
                .withContainerLogs(folder.resolve("containers")),
            new BlockingCalls(64),
            OomKills.ofKernel());
    var busybox = get(runtime.image("busybox:1.36")).orElseThrow().id();
    var script = "httpd -p 127.0.0.1:7777 -h /etc; while :; do sleep 0.2; echo tick; done";
    pod =
        new OnePod(
            runtime, new RuntimeFixture.Program(busybox, List.of("sh", "-c", script)), folder);
    server =
        TestServer.start(
            TestServer.Options.in(folder).withPods(List.of(pod.snapshot())).withRuntime(runtime));
  }

  @AfterAll
  static void stop() {
    server.close();
    pod.close();
    runtime.close();
  }

  private static String exec(String flags, String... command) {
    return pod.exec(flags, command);
  }

  private static SpdyClient client(String path, String... protocols) throws Exception {
    var client = new SpdyClient(server.kubelet(), path, protocols);
    assertThat(client.status()).as(client.head()).isEqualTo(101);
    return client;
  }

  @Test
  void execTellsStdoutFromStderrAndSaysSuccess() throws Exception {
    var path = exec("output=1&error=1", "sh", "-c", "echo out; echo err >&2");
    try (var client = client(path, V4, "v3.channel.k8s.io")) {
      assertThat(client.head()).contains("X-Stream-Protocol-Version: " + V4);
      int error = client.open("error");
      int stdout = client.open("stdout");
      int stderr = client.open("stderr");

      assertThat(client.text(stdout)).isEqualTo("out\n");
      assertThat(client.text(stderr)).isEqualTo("err\n");
      assertThat(client.text(error)).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
      assertThat(client.next(Frame.GoAway.class)).isPresent();
    }
  }

  @Test
  void execTellsTheExitCode() throws Exception {
    try (var client = client(exec("output=1", "sh", "-c", "exit 3"), V4)) {
      int error = client.open("error");
      client.open("stdout");

      var status = JSON.readTree(client.text(error));
      assertThat(status.path("status").asText()).isEqualTo("Failure");
      assertThat(status.path("reason").asText()).isEqualTo("NonZeroExitCode");
      assertThat(status.path("message").asText())
          .isEqualTo(
              "command terminated with non-zero exit code: Error executing in Docker Container:"
                  + " 3");
      assertThat(status.at("/details/causes/0/reason").asText()).isEqualTo("ExitCode");
      assertThat(status.at("/details/causes/0/message").asText()).isEqualTo("3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"})
  void olderProtocolsSayItInWords(String protocol) throws Exception {
    try (var client = client(exec("output=1", "sh", "-c", "exit 3"), protocol)) {
      int error = client.open("error");
      client.open("stdout");

      assertThat(client.text(error))
          .isEqualTo(
              "command terminated with non-zero exit code: Error executing in Docker Container:"
                  + " 3");
    }
  }

  @Test
  void stdinEndsWhileOutputGoesOn() throws Exception {
    try (var client = client(exec("input=1&output=1", "sh", "-c", "cat; echo over"), V4)) {
      int error = client.open("error");
      int stdin = client.open("stdin");
      int stdout = client.open("stdout");

      client.send(stdin, "hello ");
      assertThat(client.text(stdout, 6)).isEqualTo("hello ");
      client.end(stdin);

      assertThat(client.text(stdout)).isEqualTo("hello over\n");
      assertThat(client.text(error)).contains("Success");
    }
  }

  private static final String AWAIT_SIZE =
      "while [ \"$(stty size)\" != '33 121' ]; do sleep 0.05; done; tty; stty size";

  @ParameterizedTest
  @ValueSource(strings = {V4, "v3.channel.k8s.io"})
  void aTerminalHasTheClientsSize(String protocol) throws Exception {
    var path = exec("input=1&output=1&tty=1", "sh", "-c", AWAIT_SIZE);
    try (var client = client(path, protocol)) {
      client.open("error");
      client.open("stdin");
      int stdout = client.open("stdout");
      int resize = client.open("resize");
      client.send(resize, "{\"Width\":121,\"Height\":33}\n");

      assertThat(client.text(stdout)).contains("/dev/pts/").contains("33 121");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v5.channel.k8s.io", V4})
  void aTerminalHasTheSizeOfAWebSocketsClient(String protocol) throws Exception {
    var path = exec("input=1&output=1&tty=1", "sh", "-c", AWAIT_SIZE);
    try (var client = new WebSocketClient(server.at("--port"), path, protocol)) {
      client.send(4, "{\"Width\":121,\"Height\":33}\n");

      assertThat(client.text(1, text -> text.contains("33 121"))).contains("/dev/pts/");
      assertThat(client.closed()).isEqualTo(1000);
    }
  }

  @Test
  void aBigOutputIsWhole() throws Exception {
    try (var client = client(exec("output=1", "head", "-c", "100000000", "/dev/zero"), V4)) {
      client.open("error");
      int stdout = client.open("stdout");

      var output = client.all(stdout);
      assertThat(output.length).isEqualTo(100_000_000);
      assertThat(Arrays.equals(output, new byte[output.length])).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"output=1", "input=1&output=1", "input=1&output=1&tty=1"})
  void theProcessEndsWhenItsClientLeaves(String flags) throws Exception {
    var marker = marker(1);
    try (var client = client(exec(flags, "sleep", marker), V4)) {
      openAll(client, flags);
      Soon.holds(() -> sleeping(marker) == 1);
    }

    Soon.holds(() -> sleeping(marker) == 0);
  }

  @Test
  void theProcessEndsWhenAWebSocketsClientLeaves() throws Exception {
    var marker = marker(2);
    var path = exec("input=1&output=1&tty=1", "sleep", marker);
    try (var _ = new WebSocketClient(server.at("--port"), path, V4)) {
      Soon.holds(() -> sleeping(marker) == 1);
    }

    Soon.holds(() -> sleeping(marker) == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"output=1", "output=1&tty=1"})
  void whatTheProcessStartedEndsWithItThoughItIgnoresTheAsking(String flags) throws Exception {
    var marker = marker(3);
    var script = "trap '' TERM; sleep " + marker + " & setsid sleep " + marker + " & wait";
    try (var client = client(exec(flags, "sh", "-c", script), V4)) {
      openAll(client, flags);
      Soon.holds(() -> sleeping(marker) == 2);
    }

    Soon.holds(() -> sleeping(marker) == 0);
  }

  /** It belongs to the container's first process then, and nothing tells whose it was. */
  @ParameterizedTest
  @ValueSource(strings = {"output=1", "output=1&tty=1"})
  void aDaemonThatTheProcessLeftBehindStays(String flags) throws Exception {
    var daemon = marker(4);
    var script = "(setsid sleep " + daemon + " &); sleep " + marker(5);
    try (var client = client(exec(flags, "sh", "-c", script), V4)) {
      openAll(client, flags);
      Soon.holds(() -> sleeping(daemon) == 1 && sleeping(marker(5)) == 1);
    }
    Soon.holds(() -> sleeping(marker(5)) == 0);

    assertThat(sleepers(daemon)).hasSize(1).allMatch(ProcessHandle::destroyForcibly);
    Soon.holds(() -> sleeping(daemon) == 0);
  }

  private static void openAll(SpdyClient client, String flags) throws IOException {
    client.open("error");
    if (flags.contains("input")) {
      client.open("stdin");
    }
    client.open("stdout");
    if (flags.contains("tty")) {
      client.open("resize");
    }
  }

  /** Seconds that nobody else sleeps. */
  private static String marker(int number) {
    return number + "000" + ProcessHandle.current().pid();
  }

  private static long sleeping(String seconds) {
    return sleepers(seconds).size();
  }

  private static List<ProcessHandle> sleepers(String seconds) {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().arguments().map(List::of).orElse(List.of()).contains(seconds))
        .toList();
  }

  @Test
  void aCommandThatIsNotThereEndsWithTheEnginesWords() throws Exception {
    try (var client = client(exec("output=1&error=1", "no-such-command"), V4)) {
      int error = client.open("error");
      int stdout = client.open("stdout");
      client.open("stderr");

      assertThat(client.text(error)).contains("126");
      assertThat(client.text(stdout)).contains("executable file not found");
    }
  }

  @Test
  void attachFollowsTheContainersOutput() throws Exception {
    var path = "/attach/%s/%s/main?output=1&error=1".formatted(pod.key.namespace(), pod.key.name());
    try (var client = client(path, V4)) {
      client.open("error");
      int stdout = client.open("stdout");
      client.open("stderr");

      assertThat(client.text(stdout, 5)).startsWith("tick\n");
    }
  }

  @Test
  void forwardsManyConnectionsToThePodsLoopback() throws Exception {
    var path = pod.portForward();
    try (var client = client(path, "portforward.k8s.io")) {
      for (int request = 0; request < 20; request++) {
        var headers = Map.of("port", "7777", "requestid", String.valueOf(request));
        int error = open(client, "error", headers);
        client.end(error);
        int data = open(client, "data", headers);
        client.send(data, "GET /hostname HTTP/1.0\r\n\r\n");

        assertThat(client.text(data)).contains(" 200 OK").contains("contract-host");
        client.end(data);
        assertThat(client.text(error)).isEmpty();
      }
    }
  }

  private static int open(SpdyClient client, String type, Map<String, String> headers)
      throws IOException {
    var all = new HashMap<>(headers);
    all.put("streamtype", type);
    return client.open(all);
  }

  @Test
  void aPortWhereNobodyListensIsAnErrorOfItsConnection() throws Exception {
    var path = pod.portForward();
    try (var client = client(path, "portforward.k8s.io")) {
      var headers = Map.of("port", "81", "requestid", "0");
      int error = open(client, "error", headers);
      int data = open(client, "data", headers);

      assertThat(client.text(error))
          .startsWith("error forwarding port 81 to pod ")
          .endsWith(", uid : can't connect to 127.0.0.1:81 in the pod: Connection refused");
      assertThat(client.text(data)).isEmpty();
    }
  }

  @Test
  void runAnswersWithTheOutput() throws Exception {
    assertThat(run("echo hello").status()).isEqualTo(200);
    assertThat(run("echo hello").text()).isEqualTo("hello\n");
    assertThat(run("echo hello").header("content-type")).contains("application/json");
    assertThat(run("false").status()).isEqualTo(500);
    assertThat(run("false").text()).isEqualTo("command 'false' exited with 1: ");
    assertThat(run("true").text()).isEmpty();
  }

  private static RawHttp.Answer run(String command) throws Exception {
    return RawHttp.exchange(
        server.kubelet(),
        "POST /run/%s/%s/main?cmd=%s HTTP/1.1"
            .formatted(pod.key.namespace(), pod.key.name(), command.replace(" ", "%20")),
        List.of("Content-Length: 0"));
  }
}
