package dev.jkubelet.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerRuntimeContract;
import dev.jkubelet.runtime.OomKills;
import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.runtime.RuntimeEvent;
import dev.jkubelet.runtime.SandboxConfig;
import dev.jkubelet.runtime.StandardStreams;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, and what only a real engine can show. */
class DockerRuntimeTest extends ContainerRuntimeContract {
  private static final String BUSYBOX = "busybox:1.36";
  @TempDir static Path folder;
  private static DockerRuntime runtime;
  private static String busybox;

  @BeforeAll
  static void connect() {
    var options =
        DockerOptions.of(System.getenv("DOCKER_HOST"), Duration.ofSeconds(30))
            .withContainerLogs(folder.resolve("containers"));
    runtime = DockerRuntime.connect(options, new BlockingCalls(64), OomKills.ofKernel());
    busybox =
        get(runtime.image(BUSYBOX))
            .orElseThrow(() -> new AssertionError("the engine has no " + BUSYBOX))
            .id();
  }

  @AfterAll
  static void disconnect() {
    runtime.close();
  }

  @Override
  protected ContainerRuntime runtime() {
    return runtime;
  }

  @Override
  protected String sandboxImage() {
    return "k8s.gcr.io/pause:3.2";
  }

  @Override
  protected String presentImage() {
    return BUSYBOX;
  }

  private static Program shell(String script) {
    return new Program(busybox, List.of("sh", "-c", script));
  }

  @Override
  protected Program runsForever() {
    return shell("trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done");
  }

  @Override
  protected Program exits(int code) {
    return shell("exit " + code);
  }

  @Override
  protected Program ignoresTerm() {
    return shell("trap '' TERM; while :; do sleep 1; done");
  }

  @Override
  protected List<String> says(String out, String err, int code) {
    return List.of("sh", "-c", "printf %s; printf %s >&2; exit %d".formatted(out, err, code));
  }

  @Override
  protected Program cannotStart() {
    return new Program(busybox, List.of("no-such-command"));
  }

  @Test
  void saysWhatTheEngineIs() {
    var info = get(runtime.info());

    assertThat(info.version()).matches("\\d+\\.\\d+.*");
    assertThat(info.apiVersion()).matches("1\\.\\d+");
    assertThat(info.rootDir()).isAbsolute();
    assertThat(info.cgroupDriver()).isIn("cgroupfs", "systemd");
    assertThat(info.cgroupVersion()).isBetween(1, 2);
  }

  @Test
  void linksTheLogAndRemovesTheLinks() throws IOException {
    var id = logged(shell("echo hello"), 0);
    awaitEvent(id, RuntimeEvent.Kind.DIE);

    var podLog = podLog();
    var link =
        folder.resolve("containers/%s_%s_main-%s.log".formatted(pod.name(), pod.namespace(), id));
    assertThat(Files.readSymbolicLink(link)).isEqualTo(podLog);
    assertThat(link).content().contains("\"log\":\"hello\\n\"");
    assertThat(get(runtime.inspect(id)).logPath()).contains(Files.readSymbolicLink(podLog));

    get(runtime.remove(id));
    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(Files.exists(podLog, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void removingAContainerLeavesTheLinkOfANewerOne() throws IOException {
    var id = logged(shell("echo old"), 0);
    awaitEvent(id, RuntimeEvent.Kind.DIE);
    Files.delete(podLog());
    Files.createSymbolicLink(podLog(), Path.of("/newer"));

    get(runtime.remove(id));

    assertThat(Files.readSymbolicLink(podLog())).isEqualTo(Path.of("/newer"));
  }

  @Test
  void theSandboxGivesHostnameAndDns() throws IOException {
    var dns =
        new SandboxConfig.Dns(List.of("10.9.8.7"), List.of("a.test", "b.test"), List.of("ndots:5"));
    var sandbox = get(runtime.runSandbox(configs.sandbox(0, dns, List.of())));
    var id = logged(sandbox, shell("hostname; cat /etc/resolv.conf"), 0);
    awaitEvent(id, RuntimeEvent.Kind.DIE);

    assertThat(Files.readAllLines(podLog()))
        .satisfiesExactly(
            line -> assertThat(line).contains("\"contract-host\\n\""),
            line -> assertThat(line).contains("\"nameserver 10.9.8.7\\n\""),
            line -> assertThat(line).contains("\"search a.test b.test\\n\""),
            line -> assertThat(line).contains("\"options ndots:5\\n\""));
  }

  @Test
  void aHostPortLeadsToThePod() throws Exception {
    var port = freePort();
    var mapping = new SandboxConfig.PortMapping("tcp", 8080, port, "127.0.0.1");
    var dns = new SandboxConfig.Dns(List.of(), List.of(), List.of());
    var sandbox = get(runtime.runSandbox(configs.sandbox(0, dns, List.of(mapping))));
    started(sandbox, shell("mkdir /www; echo hi > /www/index.html; exec httpd -f -p 8080 -h /www"));

    assertThat(pageAt(port)).isEqualTo("hi\n");
  }

  /** The server inside needs a moment; until then the engine's proxy hangs up. */
  private static String pageAt(int port) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
      for (var attempts = 0; attempts < 1000; attempts++) {
        try {
          return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException _) {
          Thread.onSpinWait();
        }
      }
      throw new AssertionError("nothing answered at port " + port);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void tellsOfAContainerThatTheKernelKilled() {
    var id = logged(shell("tail /dev/zero"), 16L << 20);
    awaitEvent(id, RuntimeEvent.Kind.DIE);

    var inspection = get(runtime.inspect(id));
    assertThat(inspection.oomKilled()).isTrue();
    assertThat(inspection.exitCode()).isEqualTo(137);
  }

  @Test
  void theBeginningOfAnImagesIdIsNoName() {
    var hex = busybox.substring("sha256:".length(), "sha256:".length() + 12);

    assertThat(get(runtime.image(hex))).isEmpty();
    assertThat(get(runtime.image("docker.io/library/" + BUSYBOX))).isPresent();
    assertThat(get(runtime.image("busybox"))).isPresent();
  }

  @Override
  protected void awaitReady(String id) {
    var log = get(runtime.inspect(id)).logPath().orElseThrow();
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (log.toFile().length() == 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    assertThat(log).isNotEmptyFile();
  }

  private String logged(Program program, long memoryLimit) {
    return logged(sandbox(), program, memoryLimit);
  }

  private String logged(String sandbox, Program program, long memoryLimit) {
    var config = configs.container(sandbox, program, "main", 0, Map.of(), memoryLimit);
    var id = get(runtime.createContainer(config));
    get(runtime.start(id));
    return id;
  }

  private Path podLog() {
    return logs.resolve(
        "pods/%s_%s_%s/main/0.log".formatted(pod.namespace(), pod.name(), pod.uid()));
  }

  @Test
  void aProcessWhoseClientLeftEndsWithWhatItStarted() throws Exception {
    var id = started(sandbox(), runsForever());
    var marker = "1000" + ProcessHandle.current().pid();
    var command = List.of("sh", "-c", "sleep " + marker + " & sleep " + marker + "; true");
    var streams = get(runtime.exec(id, command, new StandardStreams(false, true, false, false)));
    await(() -> sleeping(marker) == 2);

    streams.close();

    await(() -> sleeping(marker) == 0);
  }

  private static long sleeping(String seconds) {
    return ProcessHandle.allProcesses()
        .filter(
            process -> process.info().arguments().map(List::of).orElse(List.of()).contains(seconds))
        .count();
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @Test
  void connectsToAServerThatListensOnThePodsLoopbackOnly() throws Exception {
    var sandbox = sandbox();
    var id = started(sandbox, shell("echo ready; httpd -f -p 127.0.0.1:7777 -h /etc"));
    awaitReady(id);

    try (var connection = connected(sandbox, 7777)) {
      get(connection.write(ByteString.fromString("GET /hostname HTTP/1.0\r\n\r\n")));
      get(connection.endOutput());
      var answer = ByteString.emptyByteString();
      for (var part = get(connection.read()); !part.isEmpty(); part = get(connection.read())) {
        answer = answer.concat(part);
      }
      assertThat(answer.utf8String()).contains(" 200 OK").contains("contract-host");
    }
  }

  /** The server listens a moment after it said that it is ready. */
  private static PodConnection connected(String sandbox, int port) {
    for (int attempts = 0; attempts < 100; attempts++) {
      try {
        return get(runtime.connect(sandbox, port));
      } catch (AssertionError refused) {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
    throw new AssertionError("nobody listens at port " + port);
  }

  @Test
  void keepsAllOfALotOfOutput() {
    var id = started(sandbox(), runsForever());
    var command = List.of("sh", "-c", "head -c 50000000 /dev/zero; head -c 1000 /dev/zero >&2");

    assertThat(run(id, command, new StandardStreams(false, true, true, false), ""))
        .satisfies(
            result -> {
              assertThat(result.out()).hasSize(50_000_000);
              assertThat(result.err()).hasSize(1000);
            });
  }
}
