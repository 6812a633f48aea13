package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod that has to go for the node's sake. */
class EvictedPodTest {
  private static final String SPEC = "{containers: [{name: main, image: 'app:1'}]}";
  private static final String LOW = "The node was low on resource: memory. ";

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
  void hasFailedAndEndsAtOnceButForTheLeastTimeThereIs() {
    var pod = RunningPod.start(machine, SPEC);
    pod.awaitRunning("main", 0);

    pod.evict(LOW, Duration.ZERO);

    var status = pod.awaitPhase("Failed");
    assertThat(status.getReason()).isEqualTo("Evicted");
    assertThat(status.getMessage()).isEqualTo(LOW);
    pod.awaitTerminated("main");
    assertThat(machine.engine().stops().getFirst().grace()).isEqualTo(Duration.ofSeconds(2));
    assertThat(machine.events())
        .contains(new FakeMachine.Recorded("web", "", "Warning", "Evicted", LOW));
  }

  @Test
  void isEvictedOnceAndStaysSo() {
    var pod = RunningPod.start(machine, SPEC);
    pod.awaitRunning("main", 0);
    pod.evict(LOW, Duration.ZERO);
    pod.awaitTerminated("main");

    pod.evict("again", Duration.ZERO);
    machine.pass(Duration.ofMinutes(10));

    assertThat(pod.status().getMessage()).isEqualTo(LOW);
    assertThat(pod.instances()).hasSize(1);
    assertThat(machine.events().stream().filter(e -> e.reason().equals("Evicted"))).hasSize(1);
  }
}
