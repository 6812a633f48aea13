package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.runtime.FakeCall;
import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods side by side: what one of them costs the others. */
class NeighboursTest {
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
  void refusesPodsBeyondTheLimit() {
    var node = RunningNode.start(machine, 1);

    node.wants("file", RunningNode.pod("a", "uid-a"), RunningNode.pod("b", "uid-b"));
    node.awaitRunning("a", 0);

    var refused = node.pod("b").orElseThrow().getStatus();
    assertThat(refused.getPhase()).isEqualTo("Failed");
    assertThat(refused.getReason()).isEqualTo("OutOfpods");
    assertThat(refused.getMessage())
        .isEqualTo(
            "Pod Node didn't have enough resource: pods, requested: 1, used: 1, capacity: 1");
    assertThat(node.listed("uid-b")).isEmpty();
  }

  @Test
  void restartsTheActorOfAPodThatFails() {
    machine.cgroups().breakOnce("uid-a");
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("a", "uid-a"), RunningNode.pod("b", "uid-b"));
    node.awaitRunning("b", 0);
    assertThat(node.listed("uid-a")).as("waits for its back-off").isEmpty();

    node.awaitRunningInTime("a", 0);

    assertThat(node.main("b").getRestartCount()).isZero();
    assertThat(machine.engine().stops()).isEmpty();
  }

  @Test
  void restartsTheActorsOfAPodWhoseContainersActorFails() {
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("a", "uid-a"), RunningNode.pod("b", "uid-b"));
    node.awaitRunning("a", 0);
    node.awaitRunning("b", 0);
    machine.breakNextEvent("Killing");

    machine.engine().kill("a/POD");

    node.awaitRunningInTime("a", 1);
    assertThat(node.main("b").getRestartCount()).isZero();
    assertThat(machine.engine().maxLivePerName()).isEqualTo(1);
  }

  @Test
  void endsAPodWhileItsActorWaitsToBeRestarted() {
    machine.cgroups().breakOnce("uid-a");
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("a", "uid-a"), RunningNode.pod("b", "uid-b"));
    node.awaitRunning("b", 0);

    node.wants("file", RunningNode.pod("a", "uid-new"), RunningNode.pod("b", "uid-b"));

    node.awaitRunningInTime("a", 0);
    assertThat(node.pod("a").orElseThrow().getMetadata().getUid()).isEqualTo("uid-new");
    assertThat(node.listed("uid-a")).isEmpty();
  }

  @Test
  void aHungInspectCostsItsOwnPodAndNothingElse() {
    var hang = machine.engine().hang(Verb.INSPECT, call -> call.pod().equals("a"));
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("a", "uid-a"), RunningNode.pod("b", "uid-b"));

    node.awaitRunning("b", 0);
    machine.eventually(
        () ->
            assertThat(hang.held())
                .extracting(FakeCall::container)
                .containsExactlyInAnyOrder("POD", "main"));
    machine.engine().exit("b/main", 1);
    node.awaitRunning("b", 1);
    for (int n = 0; n < 6; n++) {
      machine.pass(Duration.ofSeconds(10));
    }
    machine.eventually(() -> assertThat(node.health().runtime()).isEmpty());
    assertThat(node.health().syncLoop()).isEmpty();
    assertThat(node.phase("a")).isEqualTo("Pending");
    node.wants("file", RunningNode.pod("a", "uid-a"), RunningNode.pod("c", "uid-c"));
    node.awaitRunning("c", 0);
    node.awaitGone("uid-b");

    hang.release();
    node.awaitRunning("a", 0);
  }

  @Test
  void anInspectThatTimesOutIsAskedAgain() {
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("a", "uid-a"));
    node.awaitRunning("a", 0);
    var hang = machine.engine().hang(Verb.INSPECT, _ -> true);
    machine.engine().exit("main", 1);
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));

    hang.timeOut();
    hang.release();

    node.awaitRunningInTime("a", 1);
    assertThat(machine.engine().maxLivePerName()).isEqualTo(1);
  }
}
