package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a container that ends again and again waits for its next start. */
class CrashLoopTest {
  private static final Duration TICK = Duration.ofMillis(1);

  @TempDir private Path root;
  private FakeMachine machine;
  private RunningPod pod;

  @BeforeEach
  void runPod() {
    machine = new FakeMachine(root);
    pod = RunningPod.start(machine, "{containers: [{name: main, image: 'app:1'}]}");
    pod.awaitRunning("main", 0);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void restartsAtOnceTheFirstTime() {
    machine.engine().exit("main", 3);

    var main = pod.awaitRunning("main", 1);

    var last = main.getLastState().getTerminated();
    assertThat(last.getExitCode()).isEqualTo(3);
    assertThat(last.getReason()).isEqualTo("Error");
    assertThat(main.getReady()).isTrue();
  }

  @Test
  void waitsTenSecondsTheSecondTime() {
    crash(0);
    machine.engine().exit("main", 3);

    var main = pod.awaitWaiting("main", "CrashLoopBackOff");

    assertThat(main.getState().getWaiting().getMessage())
        .isEqualTo("back-off 10s restarting failed container=main pod=web_golden(uid-web)");
    assertThat(main.getLastState().getTerminated().getExitCode()).isEqualTo(3);
    assertThat(main.getRestartCount()).isEqualTo(1);
    assertThat(main.getReady()).isFalse();
    assertThat(backOffs()).containsExactly("Back-off restarting failed container");
    assertThat(pod.status().getPhase()).isEqualTo("Running");
    machine.pass(Duration.ofSeconds(10).minus(TICK));
    pod.expectQuiet();
    machine.pass(TICK);
    pod.awaitRunning("main", 2);
  }

  @Test
  void doublesTheWaitUpToFiveMinutes() {
    crash(0);
    var waits = new int[] {10, 20, 40, 80, 160, 300, 300};
    for (int n = 0; n < waits.length; n++) {
      machine.engine().exit("main", 1);
      pod.awaitContainer("main", c -> c.getState().getWaiting() != null);
      machine.pass(Duration.ofSeconds(waits[n]).minus(TICK));
      pod.expectQuiet();
      machine.pass(TICK);
      pod.awaitRunning("main", n + 2);
    }
    assertThat(machine.engine().maxLivePerName()).isEqualTo(1);
  }

  @Test
  void beginsAnewAfterTenMinutesWithoutAnEnd() {
    crash(0);
    crashAndWait(1, 10);
    crashAndWait(2, 20);

    machine.pass(Duration.ofMinutes(10).plusSeconds(1));
    machine.engine().exit("main", 1);
    pod.awaitRunning("main", 4);

    crashAndWait(4, 10);
  }

  @Test
  void doesNotBeginAnewAfterLess() {
    crash(0);
    crashAndWait(1, 10);

    machine.pass(Duration.ofMinutes(10));
    machine.engine().exit("main", 1);

    assertThat(pod.awaitWaiting("main", "CrashLoopBackOff").getState().getWaiting().getMessage())
        .startsWith("back-off 20s ");
  }

  @Test
  void tellsOfEachWaitOnce() {
    crash(0);
    crashAndWait(1, 10);
    crashAndWait(2, 20);

    assertThat(backOffs()).hasSize(2);
  }

  private List<String> backOffs() {
    return machine.events().stream()
        .filter(e -> e.reason().equals("BackOff") && e.container().equals("main"))
        .map(FakeMachine.Recorded::message)
        .toList();
  }

  /** The end of that instance, and its restart at once. */
  private void crash(int restarts) {
    machine.engine().exit("main", 1);
    pod.awaitRunning("main", restarts + 1);
  }

  private void crashAndWait(int restarts, int seconds) {
    machine.engine().exit("main", 1);
    var waiting = pod.awaitWaiting("main", "CrashLoopBackOff").getState().getWaiting();
    assertThat(waiting.getMessage()).startsWith("back-off " + seconds + "s ");
    machine.pass(Duration.ofSeconds(seconds));
    pod.awaitRunning("main", restarts + 1);
  }
}
