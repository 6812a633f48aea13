package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.FakeCall.Verb;
import dev.jkubelet.runtime.FakeRuntime.Stop;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How pods end. */
class GracePeriodTest {
  private static final Duration SANDBOX_GRACE = Duration.ofSeconds(2);

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
  void givesEveryContainerThePodsTimeToEnd() {
    var pod = start("terminationGracePeriodSeconds: 7, ");

    pod.terminate();
    pod.awaitEnd();

    var grace = Duration.ofSeconds(7);
    assertThat(machine.engine().stops())
        .containsExactlyInAnyOrder(
            new Stop("main", grace), new Stop("other", grace), new Stop("POD", SANDBOX_GRACE))
        .last()
        .isEqualTo(new Stop("POD", SANDBOX_GRACE));
  }

  @Test
  void givesThirtySecondsWhereThePodSaysNothing() {
    var pod = start("");

    pod.terminate();
    pod.awaitEnd();

    assertThat(machine.engine().stops()).contains(new Stop("main", Duration.ofSeconds(30)));
  }

  @Test
  void leavesNothingBehind() {
    var pod = start("");
    assertThat(machine.folder(RunningPod.UID)).isDirectory();
    assertThat(machine.cgroups().has(RunningPod.UID)).isTrue();

    pod.terminate();
    pod.awaitEnd();

    assertThat(pod.listed()).isEmpty();
    assertThat(machine.folder(RunningPod.UID)).doesNotExist();
    assertThat(machine.cgroups().has(RunningPod.UID)).isFalse();
  }

  @Test
  void restartsNothingThatEndsMeanwhile() {
    var pod = start("");
    var hang = machine.engine().hang(Verb.STOP, _ -> true);
    pod.terminate();
    machine.eventually(() -> assertThat(hang.held()).hasSize(2));
    machine.engine().exit("other", 1);
    machine.engine().exit("main", 1);

    hang.release();
    pod.awaitEnd();

    assertThat(machine.engine().calls().stream().filter(c -> c.verb() == Verb.CREATE)).hasSize(2);
  }

  @Test
  void endsAlsoAPodThatIsJustStarting() {
    var hang = machine.engine().hang(Verb.RUN_SANDBOX, _ -> true);
    var pod = RunningPod.start(machine, "{containers: [{name: main, image: 'app:1'}]}");
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));

    pod.terminate();
    hang.release();
    pod.awaitEnd();

    assertThat(pod.listed()).isEmpty();
  }

  @Test
  void doesNotWaitForAPullThatNobodyNeedsAnyMore() {
    machine.engine().imageStore().publish("slow:1");
    var hang = machine.engine().hang(Verb.PULL, _ -> true);
    var pod = RunningPod.start(machine, "{containers: [{name: main, image: 'slow:1'}]}");
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));

    pod.terminate();
    pod.awaitEnd();

    assertThat(pod.listed()).isEmpty();
  }

  @Test
  void triesAgainWhatCouldNotBeRemoved() {
    var pod = start("");
    machine
        .engine()
        .failNext(
            Verb.REMOVE,
            call -> call.container().equals("POD"),
            new EngineException.Refused("device or resource busy", null));
    pod.terminate();

    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(5));
          pod.expectEnd(Duration.ofMillis(50));
        });

    assertThat(pod.listed()).isEmpty();
  }

  private RunningPod start(String grace) {
    var pod =
        RunningPod.start(
            machine,
            "{"
                + grace
                + "containers: [{name: main, image: 'app:1'}, {name: other, image: 'app:1'}]}");
    pod.awaitRunning("main", 0);
    pod.awaitRunning("other", 0);
    return pod;
  }
}
