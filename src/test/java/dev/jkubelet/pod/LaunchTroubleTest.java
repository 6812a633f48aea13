package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers whose image, or whose own spec, is in the way of their start. */
class LaunchTroubleTest {
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
  void aFailedPullIsAnErrorFirstAndABackOffThen() {
    var pod = start("image: 'gone:1'");

    var error = pod.awaitWaiting("main", "ErrImagePull").getState().getWaiting();
    assertThat(error.getMessage()).contains("manifest for gone:1 not found");
    machine.pass(Duration.ofSeconds(2));

    var backOff = pod.awaitWaiting("main", "ImagePullBackOff").getState().getWaiting();
    assertThat(backOff.getMessage()).isEqualTo("Back-off pulling image \"gone:1\"");
    assertThat(pod.status().getPhase()).isEqualTo("Pending");
  }

  @Test
  void pullsAreTriedAgainAfterTenSecondsDoublingToFiveMinutes() {
    var pod = start("image: 'gone:1'");
    int pulls = 1;
    for (int seconds : new int[] {10, 20, 40, 80, 160, 300, 300}) {
      pod.awaitWaiting("main", "ErrImagePull");
      machine.pass(Duration.ofSeconds(2));
      pod.awaitWaiting("main", "ImagePullBackOff");
      machine.pass(Duration.ofSeconds(seconds - 2).minusMillis(1));
      pod.expectQuiet();
      assertThat(count(Verb.PULL)).as("pulls before %d s", seconds).isEqualTo(pulls);
      machine.pass(Duration.ofMillis(1));
      pulls++;
      pod.awaitWaiting("main", "ErrImagePull");
      assertThat(count(Verb.PULL)).as("pulls after %d s", seconds).isEqualTo(pulls);
    }
  }

  @Test
  void aPullThatWorksInTheEndStartsTheContainer() {
    var pod = start("image: 'late:1'");
    pod.awaitWaiting("main", "ErrImagePull");
    machine.engine().imageStore().publish("late:1");

    machine.pass(Duration.ofSeconds(10));

    pod.awaitRunning("main", 0);
    assertThat(machine.events())
        .extracting(FakeMachine.Recorded::reason)
        .containsSubsequence("Pulling", "Failed", "Pulling", "Pulled", "Created", "Started");
  }

  @Test
  void anImageThatMayNotBePulledStaysAnError() {
    var pod = start("image: 'gone:1', imagePullPolicy: Never");
    var waiting = pod.awaitWaiting("main", "ErrImageNeverPull").getState().getWaiting();
    assertThat(waiting.getMessage())
        .isEqualTo("Container image \"gone:1\" is not present with pull policy of Never");
    machine.pass(Duration.ofSeconds(2));
    pod.expectQuiet();

    machine.engine().imageStore().add("gone:1");
    machine.pass(Duration.ofSeconds(8));

    pod.awaitRunning("main", 0);
    assertThat(count(Verb.PULL)).isZero();
  }

  @Test
  void aBadImageNameIsSaidToBeOne() {
    var pod = start("image: 'UPPER:1'");

    pod.awaitWaiting("main", "InvalidImageName");

    assertThat(count(Verb.CREATE)).isZero();
  }

  @Test
  void aHungPullKeepsOnlyItsOwnContainerWaiting() {
    machine.engine().imageStore().publish("slow:1");
    var hang = machine.engine().hang(Verb.PULL, _ -> true);
    var pod =
        RunningPod.start(
            machine,
            "{containers: [{name: main, image: 'slow:1'}, {name: other, image: 'app:1'}]}");

    pod.awaitRunning("other", 0);

    assertThat(pod.container("main").getState().getWaiting().getReason())
        .isEqualTo("ContainerCreating");
    hang.release();
    pod.awaitRunning("main", 0);
  }

  @Test
  void aMissingReferenceIsToldAndLookedAtAgain() {
    var pod =
        start("image: 'app:1', env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: k}}}]");
    pod.awaitWaiting("main", "CreateContainerConfigError");
    assertThat(errors()).isEqualTo(1);

    machine.pass(Duration.ofSeconds(10));

    machine.eventually(() -> assertThat(errors()).isEqualTo(2));
    assertThat(count(Verb.CREATE)).isZero();
    assertThat(pod.container("main").getRestartCount()).isZero();
  }

  @Test
  void anEngineThatRefusesToCreateIsQuoted() {
    machine
        .engine()
        .failNext(
            Verb.CREATE, _ -> true, new EngineException.Refused("invalid mount config", null));
    var pod = start("image: 'app:1'");

    var waiting = pod.awaitWaiting("main", "CreateContainerError").getState().getWaiting();
    assertThat(waiting.getMessage()).isEqualTo("invalid mount config");
    machine.pass(Duration.ofSeconds(10));

    pod.awaitRunning("main", 0);
  }

  @Test
  void aCreateWithoutAnswerIsNotDoneTwice() {
    var hang = machine.engine().hang(Verb.CREATE, _ -> true);
    var pod = start("image: 'app:1'");
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));

    hang.actAndTimeOut();
    hang.release();
    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(count(Verb.START)).isEqualTo(1);
        });

    pod.awaitRunning("main", 0);
    assertThat(pod.instances()).hasSize(1);
  }

  private RunningPod start(String container) {
    return RunningPod.start(machine, "{containers: [{name: main, %s}]}".formatted(container));
  }

  private long errors() {
    return machine.events().stream()
        .filter(e -> e.reason().equals("Failed") && e.container().equals("main"))
        .count();
  }

  private long count(Verb verb) {
    return machine.engine().calls().stream().filter(call -> call.verb() == verb).count();
  }
}
