package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Logs, commands, files and ports of a node's pods, as kubectl of old and new has them. */
class StreamsRunTest {
  private static final int LONG_LINE = 40_000;
  private static final int BIG = 32 << 20;

  /** Much said by the first container, a server on the pod's loopback, and one that counts. */
  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: streams}
      spec:
        nodeName: test-node
        terminationGracePeriodSeconds: 1
        initContainers:
        - {name: first, image: "busybox:1.36", command: [echo, from the first]}
        containers:
        - name: main
          image: busybox:1.36
          command:
          - sh
          - -c
          - |
            for i in 1 2 3; do echo line $i; done
            head -c 40000 /dev/zero | tr '\\000' x; echo
            httpd -p 127.0.0.1:8080 -h /etc
            nc -ll -p 9000 -e wc -c &
            sleep 3600
        - name: ticks
          image: busybox:1.36
          command: [sh, -c, "while :; do echo tick; sleep 0.2; done"]
        - name: fails
          image: busybox:1.36
          command: [sh, -c, "echo boom; exit 1"]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: waits}
      spec:
        nodeName: test-node
        containers: [{name: main, image: "no.such/image:1", imagePullPolicy: Never}]
      """;

  private static final String SHORT =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: %s}
      spec:
        nodeName: test-node
        restartPolicy: Never
        terminationGracePeriodSeconds: 1
        containers:
        - name: main
          image: busybox:1.36
          stdin: true
          stdinOnce: true
          command: [sh, -c, "%s"]
      """;

  @TempDir(cleanup = CleanupMode.NEVER)
  private static Path state;

  private static Agent agent;

  static Stream<Kubectl> kubectls() {
    return Kubectl.all().stream();
  }

  @BeforeAll
  static void runsPods() throws Exception {
    Docker.all("k8s_").forEach(id -> Docker.run("rm", "-f", id));
    agent = new Agent(state);
    agent.start(
        "--kubeconfig=" + Cluster.kubeconfig("test-node"),
        "--node-ip=172.31.0.1",
        "--client-ca-file=" + Cluster.clientCa());
    apply(PODS);
    eventually(
        "the pod runs",
        () ->
            Cluster.kubectl("get", "pod", "streams", "-o", "jsonpath={.status.containerStatuses}")
                .contains("\"reason\":\"Error\""));
  }

  private static void apply(String pods) throws IOException {
    var file = Files.writeString(state.resolve("pods.yaml"), pods);
    eventually(
        "they are taken",
        () ->
            Cluster.kubectl("apply", "-f", file.toString())
                .matches("(?s).*(created|unchanged)\\s*"));
  }

  @AfterAll
  static void leaves() {
    try (var leaving = agent) {
      Cluster.kubectl("delete", "pods", "--all", "--grace-period=1", "--timeout=60s");
      Eventually.holds(
          "no container is left",
          Duration.ofMinutes(2),
          () -> Docker.all("k8s_").isEmpty(),
          leaving::log);
      Cluster.kubectl("delete", "node", "test-node");
    }
  }

  private static void eventually(String what, BooleanSupplier condition) {
    Eventually.holds(what, Duration.ofMinutes(2), condition, agent::log);
  }

  private static byte[] randomBytes() {
    var bytes = new byte[BIG];
    new Random(20).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void execKeepsOutputsApartAndTellsTheExitCode(Kubectl kubectl) {
    var script = "echo out; echo err >&2; exit 3";

    var result = kubectl.run("exec", "streams", "-c", "main", "--", "sh", "-c", script);

    assertThat(result.text()).isEqualTo("out\n");
    assertThat(result.errors()).isEqualTo("err\ncommand terminated with exit code 3\n");
    assertThat(result.code()).isEqualTo(3);
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void execTakesAllOfItsInputAndGivesAllOfItBack(Kubectl kubectl) {
    var bytes = randomBytes();

    var result = kubectl.run(bytes, "exec", "-i", "streams", "-c", "main", "--", "cat");

    assertThat(result.errors()).isEmpty();
    assertThat(result.output().toArray()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void aBigFileIsWhole(Kubectl kubectl) throws Exception {
    var script = "head -c 100000000 /dev/urandom > /tmp/big; sha256sum < /tmp/big";
    var expected = kubectl.run("exec", "streams", "-c", "main", "--", "sh", "-c", script).text();

    var process = kubectl.start("exec", "streams", "-c", "main", "--", "cat", "/tmp/big");
    var digest = MessageDigest.getInstance("SHA-256");
    try (var output = new DigestInputStream(process.getInputStream(), digest)) {
      assertThat(output.transferTo(OutputStream.nullOutputStream())).isEqualTo(100_000_000);
    }

    assertThat(expected).startsWith(HexFormat.of().formatHex(digest.digest()));
    assertThat(process.waitFor()).isZero();
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void aTerminalHasTheSizeOfTheUsersOwn(Kubectl kubectl) throws Exception {
    var wanted = "while [ \"$(stty size)\" != '33 121' ]; do sleep 0.1; done; tty; echo sized";
    var exec =
        String.join(" ", kubectl.command("exec", "-it", "streams", "-c", "main", "--"))
            + " sh -c '"
            + wanted.replace("'", "'\\''")
            + "'";

    var process =
        new ProcessBuilder("script", "-qec", "stty rows 33 cols 121; " + exec, "/dev/null")
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().flush();

    assertThat(process.inputReader().lines()).contains("sized").anyMatch("/dev/pts/0"::equals);
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void copiesABigFileThereAndBack(Kubectl kubectl) throws Exception {
    var there = Files.write(state.resolve("there"), randomBytes());
    var back = state.resolve("back-" + kubectl.suffix());
    var remote = "streams:/tmp/copied-" + kubectl.suffix();

    assertThat(kubectl.run("cp", there.toString(), remote, "-c", "main").code()).isZero();
    assertThat(kubectl.run("cp", remote, back.toString(), "-c", "main").code()).isZero();

    assertThat(Files.mismatch(there, back)).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void attachFollowsAContainersOutput(Kubectl kubectl) throws Exception {
    var process = kubectl.start("attach", "streams", "-c", "ticks");
    try (var lines = process.inputReader()) {
      assertThat(List.of(lines.readLine(), lines.readLine())).containsExactly("tick", "tick");
    } finally {
      process.destroy();
    }
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void attachGivesAContainerItsInputAndTheEndOfIt(Kubectl kubectl) throws Exception {
    var pod = "asks-" + kubectl.suffix();
    apply(SHORT.formatted(pod, "while read l; do echo got $l; done; echo no more"));
    eventually("it runs", () -> Cluster.kubectl("get", "pod", pod).contains("1/1"));

    var result = kubectl.run("one\ntwo\n".getBytes(StandardCharsets.UTF_8), "attach", "-i", pod);

    assertThat(result.text()).endsWith("got one\ngot two\nno more\n");
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void forwardsManyConnectionsAtOnceToPortsOfThePodsLoopback(Kubectl kubectl) throws Exception {
    try (var forward = new Forward(kubectl, ":8080", ":9000");
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<String>>();
      for (int i = 0; i < 40; i++) {
        answers.add(threads.submit(() -> page(forward.localPort(8080))));
      }
      for (var answer : answers) {
        assertThat(answer.get()).startsWith("HTTP/1.1 200 OK").contains("root:x:0:0");
      }
      assertThat(counted(forward.localPort(9000), BIG)).isEqualTo(BIG + "\n");
    }
  }

  private static String page(int port) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var request = "GET /passwd HTTP/1.0\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Sends so much, ends that side alone, and reads on to what the pod says then. */
  private static String counted(int port, int bytes) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(new byte[bytes]);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void tellsThatNobodyListensOnAForwardedPort(Kubectl kubectl) throws Exception {
    try (var forward = new Forward(kubectl, ":81");
        var socket = new Socket(InetAddress.getLoopbackAddress(), forward.localPort(81))) {
      assertThat(socket.getInputStream().read()).isNegative();
      assertThat(forward.errors())
          .contains("error forwarding port 81 to pod")
          .contains("Connection refused");
    }
  }

  /** A running {@code kubectl port-forward} and the local ports it chose. */
  private static final class Forward implements AutoCloseable {
    private static final Pattern FROM =
        Pattern.compile("Forwarding from 127.0.0.1:(\\d+) -> (\\d+)");

    private final Process process;
    private final BufferedReader errors;
    private final Map<Integer, Integer> ports = new HashMap<>();

    Forward(Kubectl kubectl, String... ports) throws IOException {
      var arguments = new ArrayList<>(List.of("port-forward", "--address=127.0.0.1", "streams"));
      arguments.addAll(List.of(ports));
      process = kubectl.start(arguments.toArray(String[]::new));
      errors =
          new BufferedReader(
              new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
      var lines = process.inputReader();
      while (this.ports.size() < ports.length) {
        var line = FROM.matcher(String.valueOf(lines.readLine()));
        assertThat(line.matches()).as(line.toString()).isTrue();
        this.ports.put(Integer.valueOf(line.group(2)), Integer.valueOf(line.group(1)));
      }
    }

    int localPort(int port) {
      return ports.get(port);
    }

    String errors() throws IOException {
      return errors.readLine();
    }

    @Override
    public void close() {
      process.destroy();
    }
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void logsAreChosenAndCutAsAsked(Kubectl kubectl) {
    var whole = "line 1\nline 2\nline 3\n" + "x".repeat(LONG_LINE) + "\n";

    assertThat(logs(kubectl, "-c", "main")).isEqualTo(whole);
    assertThat(logs(kubectl, "-c", "main", "--tail=2"))
        .isEqualTo("line 3\n" + "x".repeat(LONG_LINE) + "\n");
    assertThat(logs(kubectl, "-c", "main", "--limit-bytes=10")).isEqualTo("line 1\nlin");
    assertThat(logs(kubectl, "-c", "main", "--since=1h")).isEqualTo(whole);
    assertThat(logs(kubectl, "-c", "main", "--timestamps").lines())
        .hasSize(4)
        .allMatch(
            line ->
                line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z (line \\d|x+)"));
    assertThat(logs(kubectl, "-c", "first")).isEqualTo("from the first\n");
    assertThat(logs(kubectl, "-c", "fails", "--previous")).isEqualTo("boom\n");
    assertThat(logs(kubectl, "--all-containers"))
        .contains("from the first\n", "line 1\n", "tick\n", "boom\n");
  }

  private static String logs(Kubectl kubectl, String... options) {
    var arguments = new ArrayList<>(List.of("logs", "streams"));
    arguments.addAll(List.of(options));
    return kubectl.run(arguments.toArray(String[]::new)).text();
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void aFollowedLogEndsWithItsContainer(Kubectl kubectl) throws Exception {
    var pod = "counts-" + kubectl.suffix();
    apply(SHORT.formatted(pod, "for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 0.3; done"));
    eventually("it runs", () -> !Cluster.kubectl("get", "pod", pod).contains("0/1     Pending"));

    eventually("its log is there", () -> kubectl.run("logs", pod).code() == 0);

    assertThat(kubectl.run("logs", "-f", pod).text().lines())
        .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9");
  }

  @ParameterizedTest
  @MethodSource("kubectls")
  void aContainerThatHasNotStartedHasNoLog(Kubectl kubectl) {
    eventually(
        "it waits", () -> Cluster.kubectl("get", "pod", "waits").contains("ErrImageNeverPull"));

    var result = kubectl.run("logs", "waits");

    assertThat(result.errors())
        .isEqualTo(
            "Error from server (BadRequest): container \"main\" in pod \"waits\" is waiting to start:"
                + " ErrImageNeverPull\n");
    assertThat(result.code()).isEqualTo(1);
  }
}
