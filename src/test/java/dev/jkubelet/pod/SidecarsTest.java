package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.FakeRuntime.Stop;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Init containers that go on running. */
class SidecarsTest {
  private static final String TWO =
      """
      {restartPolicy: Never,
       initContainers: [{name: proxy, image: 'app:1', restartPolicy: Always},
                        {name: setup, image: 'app:1'},
                        {name: logger, image: 'app:1', restartPolicy: Always}],
       containers: [{name: main, image: 'app:1'}]}
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
  void beginInTheirOrderAndRunBesideTheAppContainers() {
    var pod = RunningPod.start(machine, TWO);
    pod.awaitRunning("setup", 0);
    assertThat(running(pod.status())).containsExactly("proxy", "setup");

    machine.engine().exit("setup", 0);
    pod.awaitRunning("main", 0);
    assertThat(running(pod.status())).containsExactly("proxy", "logger", "main");
    assertThat(pod.status().getPhase()).isEqualTo("Running");
    assertThat(pod.container("proxy").getStarted()).isTrue();
    assertThat(pod.container("proxy").getReady()).isTrue();
  }

  @Test
  void areWaitedForUntilTheyHaveStarted() {
    machine.engine().healthy("proxy", false);
    var pod =
        RunningPod.start(
            machine,
            """
            {initContainers: [{name: proxy, image: 'app:1', restartPolicy: Always,
               startupProbe: {exec: {command: [is, healthy]}, periodSeconds: 1}}],
             containers: [{name: main, image: 'app:1'}]}
            """);
    pod.awaitRunning("proxy", 0);
    machine.pass(Duration.ofSeconds(1));
    assertThat(running(pod.status())).containsExactly("proxy");
    assertThat(condition(pod.status(), "Initialized")).isEqualTo("False");

    machine.engine().healthy("proxy", true);
    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(pod.instances()).anyMatch(instance -> instance.name().equals("main"));
        });
    pod.awaitRunning("main", 0);
    assertThat(condition(pod.status(), "Initialized")).isEqualTo("True");
  }

  @Test
  void areRestartedWhateverThePodsPolicyIs() {
    var pod = started();
    machine.engine().exit("proxy", 1);
    pod.awaitRunning("proxy", 1);
    assertThat(pod.container("main").getRestartCount()).isZero();
  }

  @Test
  void endInReverseOrderOnceTheAppContainersHaveAndOnlyThenIsThePodOver() {
    var pod = started();
    machine.engine().exit("main", 0);
    pod.awaitPhase("Succeeded");

    assertThat(machine.engine().stops().stream().map(Stop::container))
        .startsWith("logger", "proxy");
    assertThat(running(pod.status())).isEmpty();
  }

  @Test
  void outliveTheOthersWhenThePodIsToEnd() {
    var pod = started();
    pod.terminate();
    pod.awaitEnd();

    assertThat(machine.engine().stops().stream().map(Stop::container))
        .containsExactly("main", "logger", "proxy", "POD");
  }

  private RunningPod started() {
    var pod = RunningPod.start(machine, TWO);
    pod.awaitRunning("setup", 0);
    machine.engine().exit("setup", 0);
    pod.awaitRunning("main", 0);
    return pod;
  }

  private static String condition(PodStatus status, String type) {
    return status.getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst()
        .orElseThrow()
        .getStatus();
  }

  private static List<String> running(PodStatus status) {
    return Stream.concat(
            status.getInitContainerStatuses().stream(), status.getContainerStatuses().stream())
        .filter(c -> c.getState().getRunning() != null)
        .map(ContainerStatus::getName)
        .toList();
  }
}
