package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.runtime.FakeCall.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that nobody wants any more, or never did. */
class UnwantedPodsTest {
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
  void areLeftAloneUntilEverySourceHasSpoken() {
    leaveRunning("old", "uid-old");
    var node = RunningNode.start(machine, "file", "http");

    node.wants("file");
    machine.pass(Duration.ofSeconds(30));
    quiet();
    assertThat(machine.engine().stops()).isEmpty();

    node.wants("http");
    node.awaitGone("uid-old");
    assertThat(machine.engine().stops()).extracting("container").contains("main", "POD");
  }

  @Test
  void areEndedWhenTheirSourceForgetsThem() {
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("a", "uid-a"), RunningNode.pod("b", "uid-b"));
    node.awaitRunning("a", 0);
    node.awaitRunning("b", 0);

    node.wants("file", RunningNode.pod("b", "uid-b"));

    node.awaitGone("uid-a");
    assertThat(node.pod("a")).isEmpty();
    assertThat(node.phase("b")).isEqualTo("Running");
    assertThat(node.main("b").getRestartCount()).isZero();
  }

  @Test
  void areNotEndedByASourceThatNeverWantedThem() {
    var node = RunningNode.start(machine, "file", "http");
    node.wants("file", RunningNode.pod("a", "uid-a"));
    node.awaitRunning("a", 0);

    node.wants("http");
    machine.pass(Duration.ofSeconds(30));
    quiet();

    assertThat(node.phase("a")).isEqualTo("Running");
    assertThat(machine.engine().stops()).isEmpty();
  }

  @Test
  void leaveNoFoldersAndCgroupsAndLogs() throws IOException {
    Files.createDirectories(machine.folder("uid-folder").resolve("volumes"));
    machine.cgroups().left("uid-cgroup");
    var log = root.resolve("log/pods/golden_old_uid-log/main/0.log");
    Files.createDirectories(log.getParent());
    Files.createSymbolicLink(log, root.resolve("removed-json.log"));
    var node = RunningNode.start(machine, "file", "http");
    node.wants("file", RunningNode.pod("a", "uid-a"));
    node.awaitRunning("a", 0);
    assertThat(machine.folder("uid-folder")).as("before all have spoken").exists();
    assertThat(machine.cgroups().has("uid-cgroup")).as("before all have spoken").isTrue();

    node.wants("http");

    machine.eventually(
        () -> {
          assertThat(machine.folder("uid-folder")).doesNotExist();
          assertThat(machine.cgroups().has("uid-cgroup")).isFalse();
          assertThat(root.resolve("log/pods/golden_old_uid-log")).doesNotExist();
        });
    assertThat(machine.folder("uid-a")).exists();
    assertThat(machine.cgroups().has("uid-a")).isTrue();
  }

  @Test
  void keepASuccessorOfTheirNameWaiting() {
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("web", "uid-1"));
    node.awaitRunning("web", 0);
    var hang = machine.engine().hang(Verb.STOP, call -> call.container().equals("main"));

    node.wants("file", RunningNode.pod("web", "uid-2"));
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));
    machine.pass(Duration.ofSeconds(30));
    quiet();

    assertThat(node.pod("web").orElseThrow().getMetadata().getUid()).isEqualTo("uid-2");
    assertThat(node.phase("web")).isEqualTo("Pending");
    assertThat(node.listed("uid-2")).isEmpty();
    hang.release();
    node.awaitRunning("web", 0);
    assertThat(node.listed("uid-1")).isEmpty();
    assertThat(node.listed("uid-2")).hasSize(2);
  }

  @Test
  void areReplacedByWhatWasWantedLast() {
    var node = RunningNode.start(machine, "file");
    node.wants("file", RunningNode.pod("web", "uid-1"));
    node.awaitRunning("web", 0);
    var hang = machine.engine().hang(Verb.STOP, _ -> true);
    node.wants("file", RunningNode.pod("web", "uid-2"));
    node.wants("file", RunningNode.pod("web", "uid-3"));
    machine.eventually(() -> assertThat(hang.held()).hasSize(1));

    hang.release();

    node.awaitRunning("web", 0);
    assertThat(node.pod("web").orElseThrow().getMetadata().getUid()).isEqualTo("uid-3");
    assertThat(node.listed("uid-2")).isEmpty();
  }

  /** An agent ran that pod, and ended. */
  private void leaveRunning(String name, String uid) {
    var before = RunningNode.start(machine, "file");
    before.wants("file", RunningNode.pod(name, uid));
    before.awaitRunning(name, 0);
    before.stop();
  }

  private void quiet() {
    TestProbe<String> nobody = machine.kit().createTestProbe();
    nobody.expectNoMessage(Duration.ofMillis(100));
  }
}
