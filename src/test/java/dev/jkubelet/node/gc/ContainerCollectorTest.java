package dev.jkubelet.node.gc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.pod.PodActor;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a pod that crashes, a minute later. */
class ContainerCollectorTest {
  private static final String UID = "uid-web";

  @TempDir private Path root;
  private FakeMachine machine;

  @BeforeEach
  void crash() {
    machine = new FakeMachine(root);
    var pod = FakeMachine.pod("web", UID, "{containers: [{name: main, image: 'app:1'}]}");
    var actor =
        machine
            .kit()
            .spawn(PodActor.create(pod, machine.services(), machine.kit().system().ignoreRef()));
    machine.engine().events(event -> actor.tell(new PodActor.EngineHint(event)), _ -> {});
    for (int attempt = 0; attempt < 3; attempt++) {
      int made = attempt + 1;
      machine.eventually(() -> assertThat(attempts()).hasSize(made));
      machine.eventually(() -> machine.engine().exit("main", 1));
      machine.pass(Duration.ofMinutes(5));
    }
    machine.eventually(() -> assertThat(attempts()).containsExactlyInAnyOrder(0, 1, 2, 3));
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void isWhatRunsAndTheOneBefore() {
    collect(new DeadContainers(Duration.ZERO, 1, -1));

    machine.pass(ContainerCollector.EVERY);

    machine.eventually(() -> assertThat(attempts()).containsExactlyInAnyOrder(2, 3));
  }

  @Test
  void isTriedAgainWhenTheEngineFails() {
    machine
        .engine()
        .failNext(Verb.REMOVE, _ -> true, new EngineException.Unavailable("away", null));
    collect(new DeadContainers(Duration.ZERO, 0, -1));
    machine.pass(ContainerCollector.EVERY);
    machine.eventually(
        () -> assertThat(machine.engine().calls()).extracting("verb").contains(Verb.REMOVE));

    machine.eventually(
        () -> {
          machine.pass(ContainerCollector.EVERY);
          assertThat(attempts()).containsExactly(3);
        });
  }

  private void collect(DeadContainers policy) {
    machine.kit().spawn(ContainerCollector.create(policy, machine.engine(), machine.clock()));
  }

  private List<Integer> attempts() {
    return machine.engine().list(UID).toCompletableFuture().join().stream()
        .filter(one -> one.type() == ContainerType.CONTAINER)
        .map(ContainerSummary::attempt)
        .toList();
  }
}
