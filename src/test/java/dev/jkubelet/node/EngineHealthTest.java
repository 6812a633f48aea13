package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.runtime.FakeCall.Verb;
import dev.jkubelet.runtime.FakeEvents;
import dev.jkubelet.stats.KubeletMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the node says of its engine, and how it comes back after it. */
class EngineHealthTest {
  private static final Duration RELIST = Duration.ofSeconds(10);

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
  void saysThatTheEngineHasNotAnsweredYet() {
    machine.engine().hang(Verb.LIST, _ -> true);
    var node = RunningNode.start(machine, "file");

    assertThat(node.health().runtime()).contains("the container runtime has not answered yet");
  }

  @Test
  void saysForHowLongTheEngineHasBeenSilent() {
    var node = RunningNode.start(machine, "file");
    awaitWell(node);
    var hang = machine.engine().hang(Verb.LIST, _ -> true);

    machine.pass(RELIST);
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));
    machine.pass(RELIST);
    assertThat(node.health().runtime()).as("a slow answer is no silence").isEmpty();
    machine.pass(RELIST);
    machine.eventually(
        () ->
            assertThat(node.health().runtime())
                .contains("the container runtime has not answered a list for 20s"));

    hang.release();
    awaitWell(node);
  }

  @Test
  void saysThatTheEngineIsDownAndComesBackByItself() {
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("a", "uid-a"));
    node.awaitRunning("a", 0);

    machine.engine().down();
    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(node.health().runtime())
              .contains(
                  "the container runtime is down: Cannot connect to the Docker daemon."
                      + " Is the docker daemon running?");
        });
    machine.engine().kill("main");
    machine.engine().up();

    node.awaitRunningInTime("a", 1);
    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(node.health().runtime()).isEmpty();
        });
    machine.engine().exit("main", 1);
    machine.eventually(
        () ->
            assertThat(node.main("a").getState().getWaiting().getReason())
                .as("the event stream is open again")
                .isEqualTo("CrashLoopBackOff"));
  }

  @Test
  void relistsForDeathsWhoseEventsWereLost() {
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("a", "uid-a"));
    node.awaitRunning("a", 0);
    machine.engine().eventMode(FakeEvents.Mode.DROP);

    machine.engine().exit("main", 1);

    node.awaitRunningInTime("a", 1);
  }

  @Test
  void saysWhyAnEngineThatAnswersIsOfNoUseUntilAnotherTakesItsPlace() {
    var fitness = new AtomicReference<>(Optional.of("wrong driver"));
    var told = new AtomicReference<>(Optional.<String>empty());
    TestProbe<NodeActor.Command> node = machine.kit().createTestProbe();
    machine
        .kit()
        .spawn(
            RuntimeEvents.create(
                machine.engine(),
                new KubeletMetrics("node1"),
                machine.clock(),
                RELIST,
                engine -> fitness.get().map(why -> engine.name() + ": " + why),
                node.getRef(),
                told::set));
    machine.eventually(() -> assertThat(told.get()).contains("docker: wrong driver"));
    machine.engine().down();
    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(told.get().orElseThrow()).contains("is down");
        });

    fitness.set(Optional.empty());
    machine.engine().up();

    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(told.get()).isEmpty();
        });
  }

  private void awaitWell(RunningNode node) {
    machine.eventually(() -> assertThat(node.health().runtime()).isEmpty());
  }
}
