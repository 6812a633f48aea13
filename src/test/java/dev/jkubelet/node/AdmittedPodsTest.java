package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which pods of the API server a node takes, and which it never refuses again. */
class AdmittedPodsTest {
  private static final String HALF =
      "{containers: [{name: main, image: 'app:1', resources: {requests: {cpu: '1'}}}]}";

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
  void refusesAPodThatDoesNotFitAndSaysWhy() {
    var node = ApiNode.start(machine);
    node.wants(ApiNode.pod("a", HALF), ApiNode.pod("b", HALF), ApiNode.pod("c", HALF));

    var refused = node.awaitPhase("c", "Failed").getStatus();

    assertThat(refused.getReason()).isEqualTo("OutOfcpu");
    assertThat(refused.getMessage())
        .isEqualTo(
            "Pod Node didn't have enough resource: cpu, requested: 1000, used: 2000, capacity:"
                + " 2000");
    assertThat(machine.events())
        .anySatisfy(
            event -> {
              assertThat(event.pod()).isEqualTo("c");
              assertThat(event.type()).isEqualTo("Warning");
              assertThat(event.reason()).isEqualTo("OutOfcpu");
              assertThat(event.message()).startsWith("Node didn't have enough resource: cpu");
            });
  }

  @Test
  void keepsARefusedPodFailedEvenWhenThereIsRoomAgain() {
    var node = ApiNode.start(machine);
    var a = ApiNode.pod("a", HALF);
    var b = ApiNode.pod("b", HALF);
    var c = ApiNode.pod("c", HALF);
    node.wants(a, b, c);
    node.awaitPhase("c", "Failed");

    node.wants(c);
    machine.eventually(() -> node.expectNothingLeft("a"));
    node.wants(c);

    assertThat(node.pod().orElseThrow().getStatus().getPhase()).isEqualTo("Failed");
  }

  @Test
  void givesTheRoomOfAFinishedPodToTheNext() {
    var node = ApiNode.start(machine);
    var job =
        ApiNode.pod(
            "job",
            "{restartPolicy: Never, containers: [{name: main, image: 'app:1', resources:"
                + " {requests: {cpu: '2'}}}]}");
    node.wants(job);
    node.awaitPhase("job", "Running");
    machine.engine().exit("job/main", 0);
    node.awaitPhase("job", "Succeeded");

    node.wants(job, ApiNode.pod("b", HALF));

    node.awaitPhase("b", "Running");
  }

  @Test
  void takesTheOldestFirst() {
    var node = ApiNode.start(machine);
    var young =
        new PodBuilder(ApiNode.pod("young", HALF))
            .editMetadata()
            .withCreationTimestamp("2026-11-23T13:00:09Z")
            .endMetadata()
            .build();

    node.wants(young, ApiNode.pod("b", HALF), ApiNode.pod("c", HALF));

    assertThat(node.awaitPhase("young", "Failed").getStatus().getReason()).isEqualTo("OutOfcpu");
  }

  @Test
  void neverRefusesWhatItRanBeforeItsRestart() {
    var before = ApiNode.start(machine);
    before.wants(ApiNode.pod("a", HALF), ApiNode.pod("b", HALF));
    var a = before.awaitPhase("a", "Running");
    before.stop();

    var node = ApiNode.startUnregistered(machine);
    var bigger = new PodBuilder(a).editSpec().addToNodeSelector("disk", "tape").endSpec().build();
    node.wants(bigger);

    assertThat(node.awaitPhase("a", "Running").getStatus()).isEqualTo(a.getStatus());
  }

  @Test
  void weighsStaticPodsByItsOwnMachineBeforeItIsRegistered() {
    var node = ApiNode.startUnregistered(machine);

    node.wantsStatic(
        FakeMachine.pod("a", "uid-a", HALF.replace("'1'", "'2'")),
        FakeMachine.pod("b", "uid-b", HALF.replace("'1'", "'2'")));

    assertThat(node.awaitPhase("b", "Failed").getStatus().getMessage())
        .isEqualTo(
            "Pod Node didn't have enough resource: cpu, requested: 2000, used: 2000, capacity:"
                + " 3000");
  }

  @Test
  void waitsForTheNodesLabelsBeforeItJudgesByThem() {
    var node = ApiNode.startUnregistered(machine);
    node.wants(
        ApiNode.pod(
            "a", "{nodeSelector: {disk: ssd}, containers: [{name: main, image: 'app:1'}]}"));
    assertThat(node.pods()).hasSize(1);

    node.registers(ApiNode.object(Map.of("disk", "ssd")));

    node.awaitPhase("a", "Running");
  }

  @Test
  void judgesByItsOwnLabelsWhereNobodyHasMadeItsObject() {
    var node = ApiNode.startUnregistered(machine);
    node.wants(
        ApiNode.pod(
            "a", "{nodeSelector: {disk: own}, containers: [{name: main, image: 'app:1'}]}"));

    node.isNotRegistered();

    node.awaitPhase("a", "Running");
  }
}
