package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that the API server wants deleted, at any moment of their lives. */
class DeletedPodsTest {
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
  void endWithinTheGraceOfTheirDeletion() {
    var node = ApiNode.start(machine);
    var pod = ApiNode.pod("a");
    node.wants(pod);
    node.awaitPhase("a", "Running");

    node.wants(ApiNode.deleted(pod, 7));

    var last = node.awaitEnded();
    var main = last.getStatus().getContainerStatuses().getFirst();
    assertThat(main.getState().getTerminated().getExitCode()).isEqualTo(143);
    assertThat(main.getReady()).isFalse();
    assertThat(machine.engine().stops())
        .filteredOn(stop -> stop.container().equals("main"))
        .extracting("grace")
        .containsExactly(Duration.ofSeconds(7));
    node.expectNothingLeft("a");
  }

  @Test
  void areToldOfUntilTheApiServerForgetsThem() {
    var node = ApiNode.start(machine);
    var pod = ApiNode.pod("a");
    node.wants(pod);
    node.awaitPhase("a", "Running");
    node.wants(ApiNode.deleted(pod, 7));
    node.awaitEnded();

    assertThat(node.pod().orElseThrow().getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(7);
    node.wants();
    assertThat(node.pod()).isEmpty();
  }

  @Test
  void areNotStartedAgainWhileTheApiServerStillHasThem() {
    var node = ApiNode.start(machine);
    var pod = ApiNode.pod("a");
    node.wants(pod);
    node.awaitPhase("a", "Running");
    node.wants(ApiNode.deleted(pod, 7));
    node.awaitEnded();

    node.wants(ApiNode.deleted(pod, 7));

    node.expectQuiet();
    node.expectNothingLeft("a");
  }

  @Test
  void hurryWhenTheyAreGivenLessTime() {
    var node = ApiNode.start(machine);
    var pod = ApiNode.pod("a");
    node.wants(pod);
    node.awaitPhase("a", "Running");
    var hang = machine.engine().hang(Verb.STOP, call -> call.container().equals("main"));
    node.wants(ApiNode.deleted(pod, 600));
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));

    node.wants(ApiNode.deleted(pod, 5));

    machine.eventually(() -> assertThat(hang.held()).hasSize(2));
    hang.release();
    node.awaitEnded();
    node.expectNothingLeft("a");
  }

  @Test
  void endWithTheirOwnGraceWhenTheySimplyVanish() {
    var node = ApiNode.start(machine);
    node.wants(
        ApiNode.pod(
            "a", "{terminationGracePeriodSeconds: 9, containers: [{name: main, image: 'app:1'}]}"));
    node.awaitPhase("a", "Running");

    node.wants();

    machine.eventually(() -> node.expectNothingLeft("a"));
    assertThat(machine.engine().stops())
        .anySatisfy(stop -> assertThat(stop.grace()).isEqualTo(Duration.ofSeconds(9)));
  }

  @Test
  void endWhileTheirImageIsPulled() {
    machine.engine().hang(Verb.PULL, _ -> true);
    var node = ApiNode.start(machine);
    var pod = ApiNode.pod("a", "{containers: [{name: main, image: 'slow:1'}]}");
    node.wants(pod);
    node.awaitPhase("a", "Pending");

    node.wants(ApiNode.deleted(pod, 30));

    node.awaitEnded();
    node.expectNothingLeft("a");
  }

  @Test
  void endWhileTheyCrashLoop() {
    machine.engine().image("boom:1", FakeBehaviour.exits(1));
    var node = ApiNode.start(machine);
    var pod = ApiNode.pod("a", "{containers: [{name: main, image: 'boom:1'}]}");
    node.wants(pod);
    node.awaitPhase("a", "Running");

    node.wants(ApiNode.deleted(pod, 30));

    var last = node.awaitEnded();
    assertThat(
            last.getStatus()
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getTerminated()
                .getExitCode())
        .isEqualTo(1);
    node.expectNothingLeft("a");
  }

  @Test
  void endWhenTheyWereDeletedWhileTheAgentWasDown() {
    var before = ApiNode.start(machine);
    var pod = ApiNode.pod("a");
    before.wants(pod);
    var running = before.awaitPhase("a", "Running");
    before.stop();

    var node = ApiNode.start(machine);
    node.wants(ApiNode.deleted(running, 4));

    var last = node.awaitEnded();
    assertThat(
            last.getStatus()
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getTerminated()
                .getExitCode())
        .isEqualTo(143);
    assertThat(machine.engine().stops())
        .anySatisfy(stop -> assertThat(stop.grace()).isEqualTo(Duration.ofSeconds(4)));
    node.expectNothingLeft("a");
  }

  @Test
  void endWhenTheyWereForcedOutWhileTheAgentWasDown() {
    var before = ApiNode.start(machine);
    before.wants(ApiNode.pod("a"));
    before.awaitPhase("a", "Running");
    before.stop();

    var node = ApiNode.start(machine);
    node.wants();

    machine.eventually(() -> node.expectNothingLeft("a"));
  }

  @Test
  void areFinishedAtOnceWhenTheyWereRefused() {
    var node = ApiNode.start(machine);
    var pod =
        ApiNode.pod(
            "a", "{nodeSelector: {disk: tape}, containers: [{name: main, image: 'app:1'}]}");
    node.wants(pod);
    node.awaitPhase("a", "Failed");

    node.wants(ApiNode.deleted(pod, 30));

    assertThat(node.awaitEnded().getStatus().getReason()).isEqualTo("NodeAffinity");
  }
}
