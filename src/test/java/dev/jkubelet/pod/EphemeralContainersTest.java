package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that somebody puts into a running pod to look around. */
class EphemeralContainersTest {
  private static final String PLAIN = "{containers: [{name: main, image: 'app:1'}]}";
  private static final String LOOKED_AT =
      """
      {containers: [{name: main, image: 'app:1'}],
       ephemeralContainers: [{name: debug, image: 'app:1', imagePullPolicy: IfNotPresent, stdin: true,
                              targetContainerName: %s}]}
      """;

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
  void seeTheProcessesOfTheirTargetAndDisturbNobody() {
    var pod = RunningPod.start(machine, PLAIN);
    var main = pod.awaitRunning("main", 0);

    pod.desire(LOOKED_AT.formatted("main"));
    pod.await(
        status -> ephemeral(status) != null && ephemeral(status).getState().getRunning() != null);

    assertThat(machine.engine().config("debug").processesOf().map("docker://"::concat))
        .contains(main.getContainerID());
    assertThat(machine.engine().config("debug").stdin()).isTrue();
    assertThat(pod.container("main")).isEqualTo(main);
    assertThat(pod.status().getPhase()).isEqualTo("Running");
  }

  @Test
  void areNeverRunAgain() {
    var pod = RunningPod.start(machine, PLAIN);
    pod.awaitRunning("main", 0);
    pod.desire(LOOKED_AT.formatted("main"));
    pod.await(
        status -> ephemeral(status) != null && ephemeral(status).getState().getRunning() != null);

    machine.engine().exit("debug", 1);
    pod.await(status -> ephemeral(status).getState().getTerminated() != null);

    pod.expectQuiet();
    assertThat(pod.status().getPhase()).isEqualTo("Running");
    assertThat(pod.status().getConditions())
        .filteredOn(c -> c.getType().equals("Ready"))
        .allMatch(c -> c.getStatus().equals("True"));
  }

  @Test
  void waitForATargetThatIsNotThere() {
    var pod = RunningPod.start(machine, PLAIN);
    pod.awaitRunning("main", 0);

    pod.desire(LOOKED_AT.formatted("nobody"));
    pod.await(
        status ->
            ephemeral(status) != null
                && ephemeral(status).getState().getWaiting() != null
                && "unable to find target container \"nobody\""
                    .equals(ephemeral(status).getState().getWaiting().getMessage()));
  }

  private static ContainerStatus ephemeral(PodStatus status) {
    return status.getEphemeralContainerStatuses().stream().findFirst().orElse(null);
  }
}
