package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine.Recorded;
import dev.jkubelet.probe.TinyServer;
import dev.jkubelet.runtime.FakeCall.Verb;
import dev.jkubelet.runtime.FakeRuntime.Stop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a spec ties to the start and the end of a container. */
class HookedContainerTest {
  private static final String NAMED = " for Container \"main\" in Pod \"web_golden(uid-web)\"";

  @TempDir private Path root;
  private FakeMachine machine;
  private RunningPod pod;

  @BeforeEach
  void open() {
    machine = new FakeMachine(root);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void runsOnceItsHookAfterTheStartIsDone() {
    run("postStart: {exec: {command: [is, begun]}}");

    pod.awaitRunning("main", 0);

    assertThat(machine.engine().commands()).isEqualTo(1);
    pod.expectQuiet();
    assertThat(machine.engine().heldProcesses()).isZero();
  }

  @Test
  void isNotSaidToRunWhileItsHookRuns() {
    run("postStart: {exec: {command: [cat]}}");

    machine.eventually(() -> assertThat(machine.engine().heldProcesses()).isEqualTo(1));

    assertThat(pod.awaitWaiting("main", "ContainerCreating").getReady()).isFalse();
    machine.pass(Duration.ofSeconds(1));
    assertThat(pod.history()).allMatch(status -> status.getPhase().equals("Pending"));
  }

  @Test
  void isEndedWhenItsHookAfterTheStartFails() {
    run("postStart: {exec: {command: [says, out, err, '7']}}");

    var waiting =
        pod.awaitWaiting("main", "PostStartHookError: command 'says out err 7' exited with 7: err");

    var message =
        "Exec lifecycle hook ([says out err 7])"
            + NAMED
            + " failed - error: command 'says out err 7' exited with 7: err, message: \"outerr\"";
    assertThat(waiting.getState().getWaiting().getMessage()).isEqualTo(message);
    assertThat(machine.events())
        .containsSubsequence(
            new Recorded("web", "main", "Normal", "Started", "Started container main"),
            new Recorded("web", "main", "Warning", "FailedPostStartHook", message),
            new Recorded("web", "main", "Normal", "Killing", "FailedPostStartHook"));
    assertThat(machine.engine().stops()).hasSize(1);
    machine.pass(Duration.ofSeconds(10));
    machine.eventually(() -> assertThat(pod.instances()).hasSize(2));
  }

  @Test
  void aPodCanBeEndedWhileAHookAfterTheStartHangs() {
    run("postStart: {exec: {command: [cat]}}, preStop: {exec: {command: [is, over]}}");
    machine.eventually(() -> assertThat(machine.engine().heldProcesses()).isEqualTo(1));

    pod.terminate();

    pod.awaitEnd();
    assertThat(machine.engine().stops()).first().extracting(Stop::container).isEqualTo("main");
    assertThat(machine.engine().commands()).isEqualTo(2);
  }

  @Test
  void runsItsHookBeforeItIsStoppedWithinItsTime() {
    run("preStop: {exec: {command: [cat]}}");
    pod.awaitRunning("main", 0);
    pod.terminate();
    machine.eventually(() -> assertThat(machine.engine().heldProcesses()).isEqualTo(1));
    assertThat(machine.engine().stops()).isEmpty();

    machine.pass(Duration.ofSeconds(30));

    pod.awaitEnd();
    assertThat(machine.engine().stops()).first().isEqualTo(new Stop("main", Duration.ofSeconds(2)));
    assertThat(machine.engine().heldProcesses()).isZero();
    assertThat(machine.events())
        .extracting(Recorded::reason)
        .contains("Killing")
        .doesNotContain("FailedPreStopHook");
  }

  @Test
  void sleepsBeforeItIsStopped() {
    run("preStop: {sleep: {seconds: 5}}");
    pod.awaitRunning("main", 0);
    pod.terminate();
    machine.eventually(
        () ->
            assertThat(machine.events())
                .contains(
                    new Recorded("web", "main", "Normal", "Killing", "Stopping container main")));
    machine.pass(Duration.ofMillis(4999));
    assertThat(machine.engine().stops()).isEmpty();

    machine.pass(Duration.ofMillis(10));

    pod.awaitEnd();
    assertThat(machine.engine().stops().getFirst().grace())
        .isBetween(Duration.ofMillis(24_900), Duration.ofSeconds(25));
  }

  @Test
  void isStoppedThoughItsHookFails() {
    run("preStop: {exec: {command: [says, '', 'no \"way\"', '1']}}");
    pod.awaitRunning("main", 0);

    pod.terminate();

    pod.awaitEnd();
    assertThat(machine.events())
        .contains(
            new Recorded(
                "web",
                "main",
                "Warning",
                "FailedPreStopHook",
                "Exec lifecycle hook ([says  no \"way\" 1])"
                    + NAMED
                    + " failed - error: command 'says  no \"way\" 1' exited with 1: no \"way\","
                    + " message: \"no \\\"way\\\"\""));
    assertThat(machine.engine().stops()).first().extracting(Stop::container).isEqualTo("main");
  }

  @Test
  void tellsByHttp() throws IOException {
    try (var server = new TinyServer()) {
      server.says("/begun", 404).says("/over?now=1", 200);
      run(
          ("postStart: {httpGet: {host: 127.0.0.1, port: %d, path: /begun}},"
                  + " preStop: {httpGet: {host: 127.0.0.1, port: '%d', path: 'over?now=1'}}")
              .formatted(server.port(), server.port()));
      pod.awaitRunning("main", 0);

      pod.terminate();

      pod.awaitEnd();
      assertThat(server.requests())
          .extracting(head -> head.split("\r\n", 2)[0])
          .containsExactly("GET /begun HTTP/1.1", "GET /over?now=1 HTTP/1.1");
    }
  }

  @Test
  void tellsNobodyIfThereIsNoSuchPort() {
    run("preStop: {httpGet: {port: web, path: /over}}");
    pod.awaitRunning("main", 0);

    pod.terminate();

    pod.awaitEnd();
    assertThat(machine.events())
        .extracting(Recorded::message)
        .contains(
            "Http lifecycle hook (/over)"
                + NAMED
                + " failed - error: couldn't find port: web, message: \"\"");
  }

  @Test
  void isGivenLessTimeWhileItsHookRuns() {
    run("preStop: {exec: {command: [cat]}}");
    pod.awaitRunning("main", 0);
    pod.terminate();
    machine.eventually(() -> assertThat(machine.engine().heldProcesses()).isEqualTo(1));

    pod.terminate(Duration.ofSeconds(3));

    pod.awaitEnd();
    assertThat(machine.engine().stops()).first().isEqualTo(new Stop("main", Duration.ofSeconds(3)));
    assertThat(machine.engine().calls()).extracting("verb").contains(Verb.STOP);
  }

  private void run(String hooks) {
    pod =
        RunningPod.start(
            machine, "{containers: [{name: main, image: 'app:1', lifecycle: {" + hooks + "}}]}");
  }
}
