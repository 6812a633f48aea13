package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that finds pods of one that ran before. */
class AdoptionTest {
  private static final String SPEC =
      "{containers: [{name: main, image: 'app:1'}, {name: other, image: 'app:1'}]}";

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
  void leavesRunningContainersAsTheyAre() {
    var before = start();
    before.abandon();
    int calls = machine.engine().calls().size();

    var after = RunningPod.start(machine, SPEC);

    assertThat(after.awaitRunning("main", 0).getContainerID())
        .isEqualTo(before.container("main").getContainerID());
    assertThat(after.awaitRunning("other", 0).getState())
        .isEqualTo(before.container("other").getState());
    after.expectQuiet();
    assertThat(machine.engine().calls().stream().skip(calls))
        .extracting("verb")
        .containsOnly(Verb.LIST, Verb.INSPECT);
    assertThat(after.status().getPodIP()).isEqualTo(before.status().getPodIP());
  }

  @Test
  void countsOnWhereTheLastAgentEnded() {
    var before = start();
    machine.engine().exit("main", 1);
    before.awaitRunning("main", 1);
    before.abandon();

    var after = RunningPod.start(machine, SPEC);

    var main = after.awaitRunning("main", 1);
    assertThat(main.getLastState().getTerminated().getExitCode()).isEqualTo(1);
    machine.engine().exit("main", 2);
    after.awaitRunning("main", 2);
  }

  @Test
  void restartsWhatDiedMeanwhile() {
    var before = start();
    before.abandon();
    machine.engine().exit("main", 5);

    var after = RunningPod.start(machine, SPEC);

    assertThat(after.awaitRunning("main", 1).getLastState().getTerminated().getExitCode())
        .isEqualTo(5);
    after.awaitRunning("other", 0);
  }

  @Test
  void doesNotRunAgainWhatEndedForGood() {
    var spec = "{restartPolicy: Never, containers: [{name: main, image: 'app:1'}]}";
    var before = RunningPod.start(machine, spec);
    before.awaitRunning("main", 0);
    machine.engine().exit("main", 0);
    before.awaitPhase("Succeeded");
    before.abandon();

    var after = RunningPod.start(machine, spec);

    after.awaitPhase("Succeeded");
    after.expectQuiet();
    assertThat(after.instances()).hasSize(1);
  }

  @Test
  void startsAContainerThatTheLastAgentOnlyCreated() {
    var hang = machine.engine().hang(Verb.START, call -> call.container().equals("main"));
    var before = RunningPod.start(machine, SPEC);
    before.awaitRunning("other", 0);
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));
    before.abandon();
    hang.timeOut();
    hang.release();

    var after = RunningPod.start(machine, SPEC);

    after.awaitRunning("main", 0);
    assertThat(after.instances()).hasSize(2);
  }

  @Test
  void leavesTheDeadForTheirLogsAndLooksAtThemNoMore() {
    var before = start();
    for (int end = 1; end <= 3; end++) {
      machine.engine().exit("main", end);
      before.awaitContainer("main", c -> c.getState().getRunning() == null);
      machine.pass(Duration.ofMinutes(5));
      before.awaitRunning("main", end);
    }
    int calls = machine.engine().calls().size();

    before.relist();
    before.expectQuiet();

    assertThat(before.instances())
        .filteredOn(s -> s.name().equals("main"))
        .extracting("attempt")
        .containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(machine.engine().calls().stream().skip(calls))
        .extracting("verb")
        .containsOnly(Verb.LIST);
  }

  private RunningPod start() {
    var pod = RunningPod.start(machine, SPEC);
    pod.awaitRunning("main", 0);
    pod.awaitRunning("other", 0);
    return pod;
  }
}
