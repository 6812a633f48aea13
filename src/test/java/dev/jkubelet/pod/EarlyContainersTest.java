package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.ContainerConfig.Mount;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.FakeCall;
import dev.jkubelet.runtime.FakeCall.Verb;
import dev.jkubelet.runtime.FakeFaults;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done for containers while their sandbox is still being started. */
class EarlyContainersTest {
  private static final String SPEC = "{containers: [{name: main, image: 'app:1'}]}";

  @TempDir private Path root;
  private FakeMachine machine;
  private FakeFaults.Hang starting;

  @BeforeEach
  void open() {
    machine = new FakeMachine(root);
    starting = machine.engine().hang(Verb.START_SANDBOX, _ -> true);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void areMadeMeanwhileAndStartedAfterwards() {
    var pod = RunningPod.start(machine, SPEC);
    machine.eventually(() -> assertThat(pod.instances()).hasSize(1));
    assertThat(calls(Verb.START)).isEmpty();
    pod.awaitWaiting("main", "ContainerCreating");

    starting.release();
    pod.awaitRunning("main", 0);

    assertThat(calls(Verb.CREATE)).hasSize(1);
    assertThat(calls(Verb.START)).hasSize(1);
    assertThat(pod.history().stream().distinct()).as("one word before it runs").hasSize(2);
    assertThat(machine.events())
        .extracting(FakeMachine.Recorded::reason)
        .containsSubsequence("Created", "Started");
  }

  @Test
  void seeTheHostsFileOfThePodWithTheAddressThatCameLater() throws IOException {
    var pod = RunningPod.start(machine, SPEC);
    machine.eventually(() -> assertThat(pod.instances()).hasSize(1));

    starting.release();
    pod.awaitRunning("main", 0);

    var hosts =
        machine.engine().config("main").mounts().stream()
            .filter(mount -> mount.containerPath().equals("/etc/hosts"))
            .map(Mount::hostPath)
            .toList();
    assertThat(hosts).hasSize(1);
    assertThat(Files.readString(hosts.getFirst()))
        .startsWith("# Kubernetes-managed hosts file.\n")
        .contains("\n" + pod.status().getPodIP() + "\t");
  }

  @Test
  void areNotMadeWhenTheyAskForThePodsAddress() {
    var pod =
        RunningPod.start(
            machine,
            """
            {containers: [
              {name: main, image: 'app:1',
               env: [{name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]},
              {name: other, image: 'app:1'}]}""");
    machine.eventually(() -> assertThat(pod.instances()).extracting("name").contains("other"));

    starting.release();
    pod.awaitRunning("main", 0);

    assertThat(machine.engine().config("main").env()).contains("IP=" + pod.status().getPodIP());
    assertThat(calls(Verb.CREATE)).extracting(FakeCall::container).containsExactly("other", "main");
  }

  @Test
  void areMadeInTheirOrder() {
    var pod =
        RunningPod.start(
            machine,
            """
            {initContainers: [{name: first, image: 'app:1'}, {name: second, image: 'app:1'}],
             containers: [{name: main, image: 'app:1'}]}""");
    machine.eventually(() -> assertThat(pod.instances()).extracting("name").contains("first"));

    starting.release();
    pod.awaitRunning("first", 0);

    assertThat(pod.instances()).hasSize(1);
  }

  @Test
  void goOnPullingWhenTheSandboxIsThereFirst() {
    machine.engine().imageStore().publish("slow:1");
    var pulling = machine.engine().hang(Verb.PULL, _ -> true);
    var pod = RunningPod.start(machine, "{containers: [{name: main, image: 'slow:1'}]}");
    machine.eventually(() -> assertThat(pulling.held()).hasSize(1));

    starting.release();
    machine.eventually(() -> assertThat(pod.sandboxes()).allMatch(Hints::live));
    pulling.release();
    pod.awaitRunning("main", 0);

    assertThat(machine.events())
        .extracting(FakeMachine.Recorded::reason)
        .filteredOn("Pulling"::equals)
        .hasSize(1);
  }

  @Test
  void areMadeAnewWithoutARestartWhenTheSandboxIsAnotherInTheEnd() {
    var pod = RunningPod.start(machine, SPEC);
    machine.eventually(() -> assertThat(pod.instances()).hasSize(1));
    var sandbox = pod.sandboxes().getFirst().id();

    machine.engine().remove(sandbox);
    starting.release();
    pod.awaitRunning("main", 0);

    assertThat(pod.instances()).singleElement().extracting("sandboxId").isNotEqualTo(sandbox);
  }

  @Test
  void areMadeAnewOfWhatThereIsThenWhenTheSandboxDidNotStart() {
    say("old");
    var pod =
        RunningPod.start(
            machine,
            """
            {containers: [
              {name: main, image: 'app:1',
               env: [{name: WORD, valueFrom: {configMapKeyRef: {name: words, key: word}}}]}]}""");
    machine.eventually(() -> assertThat(pod.instances()).hasSize(1));
    var failed = pod.sandboxes().getFirst().id();

    say("new");
    starting.refuse(new EngineException.Refused("port is already allocated", null));
    passUntilBegun();
    pod.awaitRunning("main", 0);

    assertThat(machine.engine().config("main").env()).contains("WORD=new");
    assertThat(pod.sandboxes()).singleElement().extracting("id").isNotEqualTo(failed);
    assertThat(pod.instances())
        .singleElement()
        .extracting("sandboxId")
        .isEqualTo(pod.sandboxes().getFirst().id());
    assertThat(machine.events())
        .extracting(FakeMachine.Recorded::message)
        .contains("Failed to create pod sandbox: port is already allocated");
  }

  private void say(String word) {
    machine
        .objects()
        .configMaps
        .put("words", new ConfigMapBuilder().addToData("word", word).build());
  }

  private void passUntilBegun() {
    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(machine.engine().begun()).extracting("name").contains("main");
        });
  }

  @Test
  void arePulledOnceWhenTheSandboxDidNotStartMeanwhile() {
    machine.engine().imageStore().publish("slow:1");
    var pulling = machine.engine().hang(Verb.PULL, _ -> true);
    var pod = RunningPod.start(machine, "{containers: [{name: main, image: 'slow:1'}]}");
    machine.eventually(() -> assertThat(pulling.held()).hasSize(1));

    starting.refuse(new EngineException.Refused("port is already allocated", null));
    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(1));
          assertThat(pod.sandboxes()).anyMatch(Hints::live);
        });
    pulling.release();
    pod.awaitRunning("main", 0);

    assertThat(machine.events())
        .extracting(FakeMachine.Recorded::reason)
        .filteredOn("Pulling"::equals)
        .hasSize(1);
  }

  @Test
  void areMadeAnewWhenTheSandboxCouldNotBeConnected() throws IOException {
    starting.release();
    var network = new ScriptedNetwork(root.resolve("cni"));
    network.breaks();
    var pod = RunningPod.start(machine, network.connecting(machine.engine()), SPEC);
    machine.eventually(
        () ->
            assertThat(machine.events())
                .filteredOn(event -> event.reason().equals("FailedCreatePodSandBox"))
                .extracting(FakeMachine.Recorded::message)
                .contains(
                    "Failed to create pod sandbox: networkPlugin cni failed to set up pod"
                        + " \"web_golden\" network: no luck"));
    machine.eventually(() -> assertThat(calls(Verb.CREATE)).as("made early").hasSize(1));
    assertThat(pod.sandboxes()).isEmpty();
    assertThat(network.leases()).isEmpty();

    network.works();
    passUntilBegun();
    pod.awaitRunning("main", 0);

    var sandbox = pod.sandboxes();
    assertThat(sandbox).hasSize(1);
    assertThat(network.leases()).containsExactly(sandbox.getFirst().id());
    assertThat(pod.instances())
        .singleElement()
        .extracting("sandboxId")
        .isEqualTo(sandbox.getFirst().id());
  }

  @Test
  void leaveNothingWhenThePodEndsMeanwhile() {
    var pod = RunningPod.start(machine, SPEC);
    machine.eventually(() -> assertThat(pod.instances()).hasSize(1));

    pod.terminate();
    starting.release();
    pod.awaitEnd();

    assertThat(pod.listed()).isEmpty();
    assertThat(calls(Verb.START)).isEmpty();
  }

  private List<FakeCall> calls(Verb verb) {
    return machine.engine().calls().stream().filter(call -> call.verb() == verb).toList();
  }
}
