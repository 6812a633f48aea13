package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.jkubelet.probe.Etcd;
import dev.jkubelet.probe.TinyServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** How pods begin, are looked after and end, as they themselves tell in a folder of the host. */
class LivesOfPodsRunTest {
  @TempDir(cleanup = CleanupMode.NEVER)
  static Path state;

  private static Path told;
  private static Agent agent;
  private static TinyServer plain;
  private static TinyServer secure;
  private static Etcd etcd;

  @BeforeAll
  static void runsThemAll() throws Exception {
    agent = AgentRun.onAnEmptyEngine(state);
    told = Files.createDirectory(state.resolve("told"));
    plain = new TinyServer().says("/begun?by=hook", 200).says("/over", 500);
    secure = TinyServer.secure().says("/well", 200).says("/sick", 503);
    etcd = Etcd.start(state.resolve("etcd"));
    var pods = new LivingPods(agent, told);
    pods.begin();
    pods.callHooks(plain.port());
    pods.areLookedAt(secure.port(), etcd.port());
    pods.end();
    agent.start();
  }

  @AfterAll
  static void endsThemAll() throws IOException {
    AgentRun.endPods(agent);
    plain.close();
    secure.close();
    etcd.close();
  }

  @Test
  void sidecarsAreUpBeforeTheOthersAndEndAfterThemInReverseOrder() throws IOException {
    eventually("main has begun", () -> lines("sided").contains("main began"));
    assertThat(lines("sided"))
        .containsExactly("outer began", "outer is up", "inner began", "inner is up", "main began");
    eventually(
        "all are told of",
        () -> agent.containerStatus("sided").at("/state/running/startedAt").isTextual());
    assertThat(agent.pod("sided").at("/status/initContainerStatuses"))
        .extracting(status -> status.path("started").asBoolean())
        .containsExactly(true, true);

    remove("sided");
    eventually("the first has ended", () -> lines("sided").contains("outer ended"));
    assertThat(lines("sided").subList(5, 8))
        .containsExactly("main ended", "inner ended", "outer ended");
  }

  @Test
  void hooksAskWhomTheyAreToldTo() throws IOException {
    eventually("it runs", () -> phase("hooked").equals("Running"));
    assertThat(plain.requests())
        .singleElement()
        .asString()
        .startsWith("GET /begun?by=hook HTTP/1.1\r\n")
        .contains("\r\nX-Hook: first\r\n");

    remove("hooked");
    eventually("nothing is left", () -> Docker.all("_hooked-test-node").isEmpty());
    assertThat(plain.requests())
        .last()
        .asString()
        .startsWith("GET /over HTTP/1.1\r\n")
        .contains("\r\nX-Hook: last\r\n");
  }

  @Test
  void aHookMaySleepBeforeTheEnd() throws IOException {
    eventually("it runs", () -> phase("sleepy").equals("Running"));
    var before = System.nanoTime();
    remove("sleepy");
    eventually("it is told to end", () -> Files.exists(told.resolve("sleepy")));
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(9));
  }

  @Test
  void probesGoOverTlsWhoeverTheServerIs() {
    eventually("one is ready", () -> ready("secure", "well"));
    eventually("one is asked", () -> secure.requests().stream().anyMatch(r -> r.contains("sick")));
    eventually(
        "its state is told",
        () ->
            agent.log().contains("Readiness probe failed: HTTP probe failed with statuscode: 503"));
    assertThat(ready("secure", "sick")).isFalse();
  }

  @Test
  void probesAskForTheHealthOfGrpcServers() {
    eventually("one is ready", () -> ready("grpc", "known"));
    eventually(
        "the other's is not known",
        () -> agent.log().contains("health rpc probe failed: rpc error: code = NotFound"));
    assertThat(ready("grpc", "unknown")).isFalse();
  }

  @Test
  void aHangingProbeHangsNothingButItself() {
    eventually(
        "it hangs",
        () ->
            ProcessHandle.allProcesses()
                .anyMatch(p -> p.info().commandLine().orElse("").endsWith(" 4322")));
    int before = lines("hangs").size();
    eventually("the other goes on", () -> lines("hangs").size() > before + 2);
    assertThat(ready("hangs", "main")).isFalse();
  }

  @Test
  void aProbesGracePeriodComesBeforeThePods() {
    eventually(
        "it has been killed",
        () -> agent.containerStatus("stubborn").at("/lastState/terminated/finishedAt").isTextual());
    var end = agent.containerStatus("stubborn").at("/lastState/terminated");
    assertThat(end.path("exitCode").asInt()).isEqualTo(137);
    var took = Duration.between(time(end, "startedAt"), time(end, "finishedAt"));
    assertThat(took).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
  }

  @Test
  void aPodIsNotReadyBeforeItsGatesAre() {
    eventually(
        "its container is",
        () -> condition("gated", "ContainersReady").path("status").asText().equals("True"));
    var ready = condition("gated", "Ready");
    assertThat(ready.path("status").asText()).isEqualTo("False");
    assertThat(ready.path("reason").asText()).isEqualTo("ReadinessGatesNotReady");
  }

  @Test
  void lastWordsAreWhereTheyAreSaidToBe() {
    eventually("it has ended", () -> phase("words").equals("Failed"));
    assertThat(message("elsewhere")).isEqualTo("1000\n");
    assertThat(message("file")).isEqualTo("of the file\n");
    assertThat(message("log")).isEmpty();
  }

  @Test
  void aPodEndsWhenItsTimeIsUp() {
    eventually("it has failed", () -> phase("late").equals("Failed"));
    assertThat(agent.pod("late").at("/status/reason").asText()).isEqualTo("DeadlineExceeded");
    eventually("its container's end is told", () -> end("late").path("finishedAt").isTextual());
    assertThat(Docker.running("k8s_main_late")).isEmpty();
    var start = Instant.parse(agent.pod("late").at("/status/startTime").asText());
    assertThat(Duration.between(start, time(end("late"), "finishedAt")))
        .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(30));
  }

  @Test
  void anInitContainerThatFailsFailsThePodThatNeverRestarts() {
    eventually("it has failed", () -> phase("never").equals("Failed"));
    assertThat(init("never").at("/state/terminated/exitCode").asInt()).isEqualTo(4);
    assertThat(Docker.all("k8s_main_never")).isEmpty();
  }

  @Test
  void anInitContainerThatFailsIsRestartedWithBackOffBeforeAllOthers() {
    eventually(
        "it is waited for",
        () -> init("again").at("/state/waiting/reason").asText().equals("CrashLoopBackOff"));
    eventually("it has run again", () -> init("again").path("restartCount").asInt() > 0);
    assertThat(init("again").at("/lastState/terminated/exitCode").asInt()).isEqualTo(5);
    assertThat(phase("again")).isEqualTo("Pending");
    assertThat(Docker.all("k8s_main_again")).isEmpty();
  }

  private static JsonNode end(String pod) {
    return agent.containerStatus(pod).at("/state/terminated");
  }

  private static String message(String container) {
    return status("words", container).at("/state/terminated/message").asText();
  }

  private static boolean ready(String pod, String container) {
    return status(pod, container).path("ready").asBoolean();
  }

  private static JsonNode status(String pod, String container) {
    return named(agent.pod(pod).at("/status/containerStatuses"), "name", container);
  }

  private static JsonNode condition(String pod, String type) {
    return named(agent.pod(pod).at("/status/conditions"), "type", type);
  }

  private static JsonNode named(JsonNode all, String key, String name) {
    return all.valueStream()
        .filter(one -> one.path(key).asText().equals(name))
        .findFirst()
        .orElseGet(MissingNode::getInstance);
  }

  private static JsonNode init(String pod) {
    return agent.pod(pod).at("/status/initContainerStatuses/0");
  }

  private static String phase(String pod) {
    return agent.pod(pod).at("/status/phase").asText();
  }

  private static Instant time(JsonNode node, String field) {
    return Instant.parse(node.path(field).asText());
  }

  /** What containers have told in a file until now. */
  private static List<String> lines(String file) {
    try {
      var path = told.resolve(file);
      return Files.exists(path) ? Files.readAllLines(path) : List.of();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void eventually(String what, BooleanSupplier condition) {
    AgentRun.eventually(agent, what, condition);
  }

  private static void remove(String pod) throws IOException {
    Files.delete(agent.manifests.resolve(pod + ".yaml"));
  }
}
