package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What follows the end of a container, and what is said of it. */
class RestartPolicyTest {
  @TempDir private Path root;
  private FakeMachine machine;

  @BeforeEach
  void open() {
    machine = new FakeMachine(root);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void alwaysRestartsAlsoAContainerThatSucceeded() {
    var pod = start("Always");
    machine.engine().exit("main", 0);

    var main = pod.awaitRunning("main", 1);

    assertThat(main.getLastState().getTerminated().getReason()).isEqualTo("Completed");
    assertThat(pod.status().getPhase()).isEqualTo("Running");
  }

  @Test
  void onFailureLeavesAContainerThatSucceeded() {
    var pod = start("OnFailure");
    machine.engine().exit("main", 0);

    pod.awaitPhase("Succeeded");

    var ended = pod.container("main").getState().getTerminated();
    assertThat(ended.getExitCode()).isZero();
    assertThat(ended.getReason()).isEqualTo("Completed");
    assertThat(pod.instances()).hasSize(1);
  }

  @Test
  void onFailureRestartsAContainerThatFailed() {
    var pod = start("OnFailure");
    machine.engine().exit("main", 1);
    pod.awaitRunning("main", 1);
    machine.engine().exit("main", 0);

    pod.awaitPhase("Succeeded");

    assertThat(pod.container("main").getRestartCount()).isEqualTo(1);
    assertThat(pod.container("main").getLastState().getTerminated().getExitCode()).isEqualTo(1);
  }

  @Test
  void neverLeavesAContainerThatFailed() {
    var pod = start("Never");
    machine.engine().exit("main", 7);

    pod.awaitPhase("Failed");

    var ended = pod.container("main").getState().getTerminated();
    assertThat(ended.getExitCode()).isEqualTo(7);
    assertThat(ended.getReason()).isEqualTo("Error");
    assertThat(pod.container("main").getRestartCount()).isZero();
  }

  @Test
  void endsTheSandboxOnceAllContainersEndedForGood() {
    var pod = start("Never");
    machine.engine().exit("main", 0);
    pod.awaitPhase("Succeeded");

    pod.expectQuiet();

    assertThat(machine.engine().stops())
        .singleElement()
        .satisfies(s -> assertThat(s.container()).isEqualTo("POD"));
    pod.relist();
    pod.expectQuiet();
    assertThat(count(Verb.RUN_SANDBOX)).as("sandboxes made").isEqualTo(1);
    assertThat(count(Verb.CREATE)).as("containers made").isEqualTo(1);
  }

  @Test
  void tellsAnOutOfMemoryKill() {
    machine.engine().image("greedy:1", FakeBehaviour.oomKilledAtOnce());
    var pod =
        RunningPod.start(
            machine, "{restartPolicy: Never, containers: [{name: main, image: 'greedy:1'}]}");

    pod.awaitPhase("Failed");

    var ended = pod.container("main").getState().getTerminated();
    assertThat(ended.getReason()).isEqualTo("OOMKilled");
    assertThat(ended.getExitCode()).isEqualTo(137);
  }

  @Test
  void tellsAnOutOfMemoryKillThatTheEngineTellsOfAfterTheEnd() {
    var pod = start("Never");
    machine.engine().kill("main");
    pod.awaitPhase("Failed");

    machine.engine().blameKernel("main");

    pod.awaitContainer("main", c -> "OOMKilled".equals(c.getState().getTerminated().getReason()));
    assertThat(machine.events()).extracting(FakeMachine.Recorded::reason).contains("OOMKilling");
  }

  @Test
  void tellsSoAlsoOfTheInstanceBeforeThisOne() {
    var pod = start("Always");
    machine.engine().kill("main");
    pod.awaitRunning("main", 1);

    machine.engine().blameKernel("main");

    pod.awaitContainer(
        "main", c -> "OOMKilled".equals(c.getLastState().getTerminated().getReason()));
  }

  @Test
  void restartsOnlyTheContainerThatDied() {
    var pod =
        RunningPod.start(
            machine, "{containers: [{name: main, image: 'app:1'}, {name: other, image: 'app:1'}]}");
    pod.awaitRunning("main", 0);
    var other = pod.awaitRunning("other", 0).getContainerID();
    machine.engine().exit("main", 1);
    pod.awaitRunning("main", 1);
    machine.engine().exit("main", 1);
    pod.awaitWaiting("main", "CrashLoopBackOff");

    assertThat(pod.container("other").getContainerID()).isEqualTo(other);
    assertThat(pod.container("other").getState().getRunning()).isNotNull();
    assertThat(pod.status().getPhase()).isEqualTo("Running");
  }

  @Test
  void isReadyAgainOnlyOnceAllContainersRun() {
    var pod = start("Always");
    assertThat(condition(pod, "Ready")).isEqualTo("True");
    machine.engine().exit("main", 1);
    pod.awaitRunning("main", 1);
    machine.engine().exit("main", 1);
    pod.awaitWaiting("main", "CrashLoopBackOff");

    assertThat(condition(pod, "Ready")).isEqualTo("False");
    assertThat(condition(pod, "ContainersReady")).isEqualTo("False");
    assertThat(condition(pod, "Initialized")).isEqualTo("True");
    assertThat(condition(pod, "PodScheduled")).isEqualTo("True");
  }

  private RunningPod start(String restartPolicy) {
    var pod =
        RunningPod.start(
            machine,
            "{restartPolicy: %s, containers: [{name: main, image: 'app:1'}]}"
                .formatted(restartPolicy));
    pod.awaitRunning("main", 0);
    return pod;
  }

  private long count(Verb verb) {
    return machine.engine().calls().stream().filter(call -> call.verb() == verb).count();
  }

  private static String condition(RunningPod pod, String type) {
    return pod.status().getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst()
        .orElseThrow()
        .getStatus();
  }
}
