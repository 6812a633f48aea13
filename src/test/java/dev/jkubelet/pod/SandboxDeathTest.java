package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.FakeCall;
import dev.jkubelet.runtime.FakeCall.Verb;
import dev.jkubelet.runtime.FakeEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod whose sandbox dies, or can't be made. */
class SandboxDeathTest {
  private static final String SPEC = "{containers: [{name: main, image: 'app:1'}]}";

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
  void movesThePodIntoANewSandbox() {
    var pod = start();
    var ip = pod.status().getPodIP();

    machine.engine().kill("POD");
    pod.awaitRunning("main", 1);

    assertThat(pod.sandboxes())
        .filteredOn(Hints::live)
        .singleElement()
        .extracting("attempt")
        .isEqualTo(1);
    var sandbox = pod.sandboxes().stream().filter(Hints::live).findFirst().orElseThrow();
    assertThat(pod.instances().stream().filter(Hints::live))
        .singleElement()
        .extracting("sandboxId")
        .isEqualTo(sandbox.id());
    assertThat(pod.status().getPodIP()).isNotEqualTo(ip);
    assertThat(machine.events())
        .filteredOn(event -> event.reason().equals("SandboxChanged"))
        .extracting(FakeMachine.Recorded::message)
        .containsExactly("Pod sandbox changed, it will be killed and re-created.");
  }

  @Test
  void stopsTheOldOneBeforeForWhatItHolds() {
    var pod = start();

    machine.engine().kill("POD");
    pod.awaitRunning("main", 1);

    assertThat(machine.engine().calls())
        .filteredOn(call -> call.container().equals("POD"))
        .extracting(FakeCall::verb)
        .containsSubsequence(Verb.RUN_SANDBOX, Verb.STOP, Verb.RUN_SANDBOX);
  }

  @Test
  void endsWhatLivesInTheOldSandboxFirst() {
    var pod = start();

    machine.engine().kill("POD");
    pod.awaitRunning("main", 1);

    assertThat(machine.engine().stops()).extracting("container").contains("main");
    assertThat(machine.engine().maxLivePerName()).isEqualTo(1);
  }

  @Test
  void isSeenByTheRelistWhenItsEventWasLost() {
    var pod = start();
    machine.engine().eventMode(FakeEvents.Mode.DROP);
    machine.engine().kill("POD");
    pod.expectQuiet();

    pod.relist();

    pod.awaitRunning("main", 1);
  }

  @Test
  void doesNotCountAgainstTheCrashLoop() {
    var pod = start();
    for (int attempt = 1; attempt <= 3; attempt++) {
      machine.engine().kill("POD");
      pod.awaitRunning("main", attempt);
    }
  }

  @Test
  void aSandboxThatCantBeMadeIsTriedAgain() {
    machine
        .engine()
        .failNext(Verb.RUN_SANDBOX, _ -> true, new EngineException.Refused("no free port", null));
    var pod = RunningPod.start(machine, SPEC);
    machine.eventually(
        () ->
            assertThat(machine.events())
                .extracting(FakeMachine.Recorded::message)
                .contains("Failed to create pod sandbox: no free port"));

    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(pod.instances()).isNotEmpty();
        });

    pod.awaitRunning("main", 0);
  }

  @Test
  void aSandboxThatDoesNotStartIsMadeAnewAfterOneSecondDoublingToTen() {
    failStart();
    var pod = RunningPod.start(machine, SPEC);
    int tries = 1;
    for (int seconds : new int[] {1, 2, 4, 8, 10}) {
      awaitFailures(tries);
      settle();
      machine.pass(Duration.ofSeconds(seconds).minusMillis(1));
      settle();
      assertThat(made()).as("made before %d s", seconds).hasSize(tries);
      failStart();
      machine.pass(Duration.ofMillis(1));
      tries++;
    }
    awaitFailures(tries);

    assertThat(made()).extracting("attempt").containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(pod.sandboxes()).as("former ones are removed").hasSize(1);
  }

  /** Long enough for actors to do a few things, if there is anything to do. */
  private void settle() {
    machine.kit().createTestProbe().expectNoMessage(Duration.ofMillis(50));
  }

  private void failStart() {
    machine
        .engine()
        .failNext(Verb.START_SANDBOX, _ -> true, new EngineException.Refused("taken", null));
  }

  private void awaitFailures(int count) {
    machine.eventually(
        () ->
            assertThat(machine.events())
                .filteredOn(event -> event.reason().equals("FailedCreatePodSandBox"))
                .hasSize(count));
  }

  private List<ContainerSummary> made() {
    return machine.engine().made().stream().filter(s -> s.name().equals("POD")).toList();
  }

  @Test
  void aNetworkThatIsNotReadyIsLookedForEverySecondAndNothingIsMade() throws IOException {
    var network = new ScriptedNetwork(root.resolve("cni"));
    network.isMissing();
    var pod = RunningPod.start(machine, network.connecting(machine.engine()), SPEC);
    pod.awaitWaiting("main", "ContainerCreating");
    for (int tries = 1; tries <= 4; tries++) {
      int told = tries;
      machine.eventually(() -> assertThat(notReady()).hasSize(told));
      settle();
      machine.pass(Duration.ofSeconds(1));
    }
    assertThat(notReady())
        .allMatch(
            message ->
                message.startsWith(
                    "network is not ready: runtime network not ready: NetworkReady=false"
                        + " reason:NetworkPluginNotReady message:docker: network plugin is not"
                        + " ready: cni config uninitialized: no networks found in "));
    assertThat(pod.listed()).isEmpty();

    network.isThere();
    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(network.leases()).hasSize(1);
        });
    pod.awaitRunning("main", 0);
  }

  private List<String> notReady() {
    return machine.events().stream()
        .filter(event -> event.type().equals("Warning") && event.reason().equals("NetworkNotReady"))
        .map(FakeMachine.Recorded::message)
        .toList();
  }

  @Test
  void itsImageIsPulledWhenItIsMissed() {
    loseImage();
    machine.engine().imageStore().publish("pause:1");

    RunningPod.start(machine, SPEC).awaitRunning("main", 0);
  }

  @Test
  void anImageThatCantBePulledIsToldOf() {
    loseImage();

    RunningPod.start(machine, SPEC);

    machine.eventually(
        () ->
            assertThat(machine.events())
                .filteredOn(event -> event.reason().equals("FailedCreatePodSandBox"))
                .extracting(FakeMachine.Recorded::message)
                .anyMatch(message -> message.startsWith("image of the sandbox, pause:1: ")));
  }

  private void loseImage() {
    var engine = machine.engine();
    engine.removeImage(engine.image("pause:1").toCompletableFuture().join().orElseThrow());
  }

  @Test
  void aSandboxWhoseAnswerWasLostIsUsed() {
    var hang = machine.engine().hang(Verb.START_SANDBOX, _ -> true);
    var pod = RunningPod.start(machine, SPEC);
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));
    hang.actAndTimeOut();
    hang.release();

    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(machine.engine().begun()).extracting("name").contains("main");
        });

    pod.awaitRunning("main", 0);
    assertThat(pod.sandboxes()).singleElement().extracting("attempt").isEqualTo(0);
  }

  private RunningPod start() {
    var pod = RunningPod.start(machine, SPEC);
    pod.awaitRunning("main", 0);
    return pod;
  }
}
