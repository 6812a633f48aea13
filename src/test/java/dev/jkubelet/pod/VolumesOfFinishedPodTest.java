package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a pod has its volumes. */
class VolumesOfFinishedPodTest {
  private static final String SPEC =
      "{restartPolicy: Never, volumes: [{name: v, emptyDir: {}}],"
          + " containers: [{name: main, image: 'app:1'}, {name: other, image: 'app:1'}]}";

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
  void areThereWhileOneContainerRunsAndGoWithTheLast() {
    var pod = start();
    machine.engine().exit("main", 0);
    pod.awaitTerminated("main");
    assertThat(volume()).isDirectory();

    machine.engine().exit("other", 1);
    pod.awaitPhase("Failed");

    machine.eventually(() -> assertThat(volume()).doesNotExist());
    assertThat(machine.folder(RunningPod.UID).resolve("containers")).isDirectory();
    assertThat(pod.instances()).as("for their logs").hasSize(2);
  }

  @Test
  void goWithTheContainersOfAPodThatIsEvicted() {
    var pod = start();

    pod.evict("too much", Duration.ZERO);

    pod.awaitPhase("Failed");
    machine.eventually(() -> assertThat(volume()).doesNotExist());
  }

  @Test
  void stayUntilThePodIsDeletedWhenToldSo() {
    machine.keepVolumes(true);
    var pod = start();

    finish(pod);
    pod.expectQuiet();
    assertThat(volume()).isDirectory();

    pod.terminate();
    pod.awaitEnd();
    assertThat(volume()).doesNotExist();
  }

  @Test
  void areFoundByTheNextAgentOfAPodThatIsOver() {
    machine.keepVolumes(true);
    var before = start();
    finish(before);
    var told = before.status();
    before.abandon();
    machine.keepVolumes(false);

    var after = RunningPod.adopt(machine, SPEC, told);

    machine.eventually(() -> assertThat(volume()).doesNotExist());
    after.terminate();
    after.awaitEnd();
  }

  @Test
  void areLeftAloneByTheNextAgentWhileContainersRun() {
    var before = start();
    before.abandon();

    var after = RunningPod.adopt(machine, SPEC, before.status());

    after.awaitRunning("main", 0);
    after.expectQuiet();
    assertThat(volume()).isDirectory();
  }

  private RunningPod start() {
    var pod = RunningPod.start(machine, SPEC);
    pod.awaitRunning("main", 0);
    pod.awaitRunning("other", 0);
    return pod;
  }

  private void finish(RunningPod pod) {
    machine.engine().exit("main", 0);
    machine.engine().exit("other", 0);
    pod.awaitPhase("Succeeded");
  }

  private Path volume() {
    return machine.folder(RunningPod.UID).resolve("volumes/kubernetes.io~empty-dir/v");
  }
}
