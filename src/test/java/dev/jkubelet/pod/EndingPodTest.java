package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeCall.Verb;
import dev.jkubelet.runtime.FakeFaults;
import dev.jkubelet.runtime.RuntimeEvent;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a pod is told to end, what it says until the last, and that nothing is left of it. */
class EndingPodTest {
  private static final String UID = "uid-web";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @TempDir private Path root;
  private FakeMachine machine;
  private TestProbe<PodSnapshot> snapshots;
  private ActorRef<PodActor.Command> actor;
  private final List<PodSnapshot> history = new ArrayList<>();

  @BeforeEach
  void startMachine() {
    machine = new FakeMachine(root);
    snapshots = machine.kit().createTestProbe();
    machine.engine().events(this::hint, _ -> {});
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void tellsOfTheTerminatedContainersBeforeItIsGone() {
    start(pod("{containers: [{name: main, image: 'app:1'}]}"));
    await(running("main"));

    actor.tell(new PodActor.Terminate(Optional.of(Duration.ofSeconds(7))));

    awaitEnd();
    var last = history.getLast().pod().getStatus();
    assertThat(last.getContainerStatuses().getFirst().getState().getTerminated().getExitCode())
        .isEqualTo(143);
    assertThat(machine.engine().stops())
        .anySatisfy(stop -> assertThat(stop.grace()).isEqualTo(Duration.ofSeconds(7)));
    expectNothingLeft();
  }

  @Test
  void endsWithinThePodsOwnGraceWhenNoneIsGiven() {
    start(pod("{terminationGracePeriodSeconds: 11, containers: [{name: main, image: 'app:1'}]}"));
    await(running("main"));

    actor.tell(new PodActor.Terminate());

    awaitEnd();
    assertThat(machine.engine().stops())
        .anySatisfy(stop -> assertThat(stop.grace()).isEqualTo(Duration.ofSeconds(11)));
  }

  @Test
  void neverGivesLessThanTwoSecondsByItself() {
    var pod =
        new PodBuilder(pod("{containers: [{name: main, image: 'app:1'}]}"))
            .editMetadata()
            .withDeletionGracePeriodSeconds(0L)
            .endMetadata()
            .build();

    assertThat(PodGrace.of(pod)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void hurriesARunningStopWhenLessTimeIsGiven() {
    start(pod("{containers: [{name: main, image: 'app:1'}]}"));
    await(running("main"));
    var hang = machine.engine().hang(Verb.STOP, _ -> true);
    actor.tell(new PodActor.Terminate(Optional.of(Duration.ofMinutes(10))));
    awaitHeld(hang, 1);

    actor.tell(new PodActor.Terminate(Optional.of(Duration.ofMinutes(20))));
    actor.tell(new PodActor.Terminate(Optional.of(Duration.ofSeconds(1))));

    awaitHeld(hang, 2);
    hang.release();
    awaitEnd();
    expectNothingLeft();
  }

  @Test
  void endsWhileItsImageIsBeingPulled() {
    machine.engine().hang(Verb.PULL, _ -> true);
    start(pod("{containers: [{name: main, image: 'slow:1'}]}"));
    await(status -> status.getContainerStatuses().size() == 1);

    actor.tell(new PodActor.Terminate());

    awaitEnd();
    expectNothingLeft();
  }

  @Test
  void endsWhileItCrashLoops() {
    machine.engine().image("boom:1", FakeBehaviour.exits(1));
    start(pod("{containers: [{name: main, image: 'boom:1'}]}"));
    await(
        status ->
            status.getContainerStatuses().getFirst().getState().getWaiting() != null
                && "CrashLoopBackOff"
                    .equals(
                        status
                            .getContainerStatuses()
                            .getFirst()
                            .getState()
                            .getWaiting()
                            .getReason()));

    actor.tell(new PodActor.Terminate());

    awaitEnd();
    assertThat(
            history
                .getLast()
                .pod()
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getTerminated()
                .getExitCode())
        .isEqualTo(1);
    expectNothingLeft();
  }

  @Test
  void looksAtWhatRunsBeforeItEndsAPodThatItFindsDeleted() {
    var pod = pod("{containers: [{name: main, image: 'app:1'}]}");
    start(pod);
    await(running("main"));
    machine.kit().stop(actor);
    var seeded = history.getLast().pod();
    history.clear();

    start(seeded);
    actor.tell(new PodActor.Terminate(Optional.of(Duration.ofSeconds(5))));

    awaitEnd();
    assertThat(
            history
                .getLast()
                .pod()
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getTerminated()
                .getExitCode())
        .isEqualTo(143);
    expectNothingLeft();
  }

  @Test
  void saysThatAContainerWasLostWhenItsEndWasNotSeen() {
    var pod = pod("{containers: [{name: main, image: 'app:1'}]}");
    start(pod);
    await(running("main"));
    machine.kit().stop(actor);
    var seeded = history.getLast().pod();
    history.clear();
    for (var summary : machine.engine().list(UID).toCompletableFuture().join()) {
      machine.engine().remove(summary.id()).toCompletableFuture().join();
    }

    start(seeded);
    actor.tell(new PodActor.Terminate(Optional.of(Duration.ofSeconds(5))));

    awaitEnd();
    assertThat(history.getLast().pod().getStatus().getPhase()).isNotEqualTo("Succeeded");
    expectNothingLeft();
  }

  private static Pod pod(String spec) {
    return FakeMachine.pod("web", UID, spec);
  }

  private void start(Pod pod) {
    actor = machine.kit().spawn(PodActor.create(pod, machine.services(), snapshots.getRef()));
  }

  private void hint(RuntimeEvent event) {
    actor.tell(new PodActor.EngineHint(event));
  }

  private static Predicate<PodStatus> running(String name) {
    return status ->
        status.getContainerStatuses().stream()
            .anyMatch(c -> c.getName().equals(name) && c.getState().getRunning() != null);
  }

  private void await(Predicate<PodStatus> wanted) {
    do {
      history.add(snapshots.receiveMessage(PATIENCE));
    } while (!wanted.test(history.getLast().pod().getStatus()));
  }

  private void awaitEnd() {
    snapshots.expectTerminated(actor, PATIENCE);
    try {
      while (true) {
        history.add(snapshots.receiveMessage(Duration.ofMillis(1)));
      }
    } catch (AssertionError none) {
      assertThat(history).isNotEmpty();
    }
  }

  private void awaitHeld(FakeFaults.Hang hang, int count) {
    snapshots.awaitAssert(
        PATIENCE,
        () -> {
          assertThat(hang.held()).hasSize(count);
          return null;
        });
  }

  private void expectNothingLeft() {
    assertThat(machine.engine().list(UID).toCompletableFuture().join()).isEmpty();
    assertThat(machine.folder(UID)).doesNotExist();
    assertThat(machine.cgroups().has(UID)).isFalse();
  }
}
