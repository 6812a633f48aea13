package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeCall;
import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Init containers: one after the other, and app containers after the last. */
class InitContainersTest {
  @TempDir private Path root;
  private FakeMachine machine;

  @BeforeEach
  void open() {
    machine = new FakeMachine(root);
    machine.engine().image("done:1", FakeBehaviour.exits(0));
    machine.engine().image("fails:1", FakeBehaviour.exits(1));
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void runInTheirOrderAndBeforeAllOthers() {
    var pod = start("Always", "done:1", "done:1");

    pod.awaitRunning("main", 0);

    assertThat(created()).containsExactly("first", "second", "main");
    for (var name : List.of("first", "second")) {
      var init = pod.container(name);
      assertThat(init.getState().getTerminated().getReason()).isEqualTo("Completed");
      assertThat(init.getReady()).isTrue();
    }
  }

  @Test
  void keepOthersWaitingWhileTheyRun() {
    var pod = start("Always", "app:1", "done:1");

    pod.awaitRunning("first", 0);

    pod.expectQuiet();
    assertThat(created()).containsExactly("first");
    assertThat(waiting(pod, "main")).isEqualTo("PodInitializing");
    assertThat(waiting(pod, "second")).isEqualTo("PodInitializing");
    assertThat(pod.status().getPhase()).isEqualTo("Pending");
    machine.engine().exit("first", 0);
    pod.awaitRunning("main", 0);
  }

  @Test
  void areRestartedWithBackOffUntilTheySucceed() {
    var pod = start("OnFailure", "fails:1", "done:1");

    pod.awaitWaiting("first", "CrashLoopBackOff");
    assertThat(pod.container("first").getRestartCount()).isEqualTo(1);
    assertThat(created()).containsExactly("first", "first");

    machine.engine().behaves(c -> c.name().equals("first"), FakeBehaviour.exits(0));
    machine.pass(Duration.ofSeconds(10));

    pod.awaitRunning("main", 0);
    assertThat(pod.container("first").getRestartCount()).isEqualTo(2);
  }

  @Test
  void failThePodThatNeverRestarts() {
    var pod = start("Never", "fails:1", "done:1");

    pod.awaitPhase("Failed");

    assertThat(created()).containsExactly("first");
    assertThat(pod.container("first").getState().getTerminated().getExitCode()).isEqualTo(1);
    assertThat(pod.sandboxes()).hasSize(1);
  }

  @Test
  void doNotRunAgainWhenAnAppContainerIsRestarted() {
    var pod = start("Always", "done:1", "done:1");
    pod.awaitRunning("main", 0);

    machine.engine().exit("main", 1);
    pod.awaitRunning("main", 1);

    assertThat(created()).containsExactly("first", "second", "main", "main");
  }

  @Test
  void runAgainInANewSandbox() {
    var pod = start("Always", "done:1", "done:1");
    pod.awaitRunning("main", 0);

    machine.engine().kill("POD");
    pod.awaitRunning("main", 1);

    assertThat(created()).containsExactly("first", "second", "main", "first", "second", "main");
    assertThat(pod.container("first").getRestartCount()).isEqualTo(1);
  }

  private RunningPod start(String restartPolicy, String first, String second) {
    return RunningPod.start(
        machine,
        """
        {restartPolicy: %s,
         initContainers: [{name: first, image: '%s'}, {name: second, image: '%s'}],
         containers: [{name: main, image: 'app:1'}]}"""
            .formatted(restartPolicy, first, second));
  }

  private List<String> created() {
    return machine.engine().calls().stream()
        .filter(call -> call.verb() == Verb.CREATE)
        .map(FakeCall::container)
        .toList();
  }

  private static String waiting(RunningPod pod, String name) {
    return pod.container(name).getState().getWaiting().getReason();
  }
}
