package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The statuses that others see, one after the other. */
class PublishedStatusTest {
  private static final String SPEC =
      "{restartPolicy: OnFailure, containers: [{name: main, image: 'app:1'}]}";

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
  void goFromPendingByRunningToSucceeded() {
    var pod = RunningPod.start(machine, SPEC);
    pod.awaitRunning("main", 0);
    machine.engine().exit("main", 0);
    pod.awaitPhase("Succeeded");

    assertThat(changes(pod.history().stream().map(PodStatus::getPhase).toList()))
        .containsExactly("Pending", "Running", "Succeeded");
    assertThat(changes(pod.history().stream().map(s -> condition(s, "Ready")).toList()))
        .containsExactly("False", "True", "False");
    assertThat(changes(pod.history().stream().map(s -> condition(s, "Initialized")).toList()))
        .containsExactly("True");
  }

  @Test
  void areNeverPublishedTwice() {
    var pod = RunningPod.start(machine, SPEC);
    pod.awaitRunning("main", 0);
    pod.relist();
    pod.relist();
    pod.expectQuiet();

    assertThat(pod.history()).isEqualTo(changes(pod.history()));
  }

  @Test
  void sayWhenAConditionChanged() {
    var pod = RunningPod.start(machine, SPEC);
    pod.awaitRunning("main", 0);
    var ready = transition(pod.status(), "Ready");
    machine.pass(Duration.ofMinutes(3));
    machine.engine().exit("main", 0);
    pod.awaitPhase("Succeeded");

    assertThat(ready).isEqualTo("2026-11-23T13:06:10Z");
    assertThat(transition(pod.status(), "Ready")).isEqualTo("2026-11-23T13:09:10Z");
    assertThat(transition(pod.status(), "PodScheduled")).isEqualTo("2026-11-23T13:06:10Z");
    assertThat(pod.status().getStartTime()).isEqualTo("2026-11-23T13:06:10Z");
  }

  @Test
  void tellAddressesFromTheSandboxOnAndKeepThemAfterwards() {
    var pod = RunningPod.start(machine, SPEC);
    pod.awaitRunning("main", 0);
    var ip = pod.status().getPodIP();
    machine.engine().exit("main", 0);
    pod.awaitPhase("Succeeded");
    pod.expectQuiet();

    assertThat(ip).startsWith("10.0.");
    assertThat(pod.status().getPodIP()).isEqualTo(ip);
    assertThat(pod.status().getHostIP()).isEqualTo("192.0.2.1");
    assertThat(pod.status().getQosClass()).isEqualTo("BestEffort");
  }

  @Test
  void countRestartsWithoutGaps() {
    var pod = RunningPod.start(machine, SPEC);
    for (int restarts = 0; restarts < 4; restarts++) {
      pod.awaitRunning("main", restarts);
      machine.engine().exit("main", 1);
      pod.awaitContainer("main", c -> c.getState().getRunning() == null);
      machine.pass(Duration.ofMinutes(5));
    }
    pod.awaitRunning("main", 4);

    assertThat(
            changes(
                pod.history().stream()
                    .map(s -> RunningPod.of(s, "main").getRestartCount())
                    .toList()))
        .containsExactly(0, 1, 2, 3, 4);
  }

  private static <T> List<T> changes(List<T> values) {
    return IntStream.range(0, values.size())
        .filter(i -> i == 0 || !values.get(i).equals(values.get(i - 1)))
        .mapToObj(values::get)
        .toList();
  }

  private static String condition(PodStatus status, String type) {
    return of(status, type).getStatus();
  }

  private static String transition(PodStatus status, String type) {
    return of(status, type).getLastTransitionTime();
  }

  private static PodCondition of(PodStatus status, String type) {
    return status.getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
