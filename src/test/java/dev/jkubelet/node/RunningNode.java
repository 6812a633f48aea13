package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.registration.MachineAmounts;
import dev.jkubelet.node.registration.NodeSettings;
import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.stats.KubeletMetrics;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A node's actors at work on a {@link FakeMachine}. */
final class RunningNode {
  static final HostSecurity SECURITY = new HostSecurity(false, false, SysctlRules.SAFE_ONLY);
  static final String SPEC = "{containers: [{name: main, image: 'app:1'}]}";

  private static final Duration SYNC_FREQUENCY = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final FakeMachine machine;
  private final ActorRef<NodeActor.Command> node;
  private final ActorRef<RuntimeEvents.Command> events;

  private RunningNode(
      FakeMachine machine, ContainerRuntime runtime, int maxPods, Set<String> sources) {
    this.machine = machine;
    var services = machine.services(runtime);
    this.node =
        machine
            .kit()
            .spawn(
                NodeActor.create(
                    services,
                    of(Map.of(), 64, maxPods),
                    sources,
                    machine.kit().system().ignoreRef()));
    this.events =
        machine
            .kit()
            .spawn(
                RuntimeEvents.create(
                    runtime,
                    new KubeletMetrics("node1"),
                    machine.clock(),
                    SYNC_FREQUENCY,
                    _ -> Optional.empty(),
                    node,
                    _ -> {}));
  }

  /** A node with so many processors and room for so many pods. */
  static AdmissionNode of(Map<String, String> labels, int cores, int maxPods) {
    return AdmissionNode.ofItsOwn(
        "node1",
        labels,
        new NodeSettings.Resources(maxPods, 0, Map.of(), Map.of(), Map.of()),
        new MachineAmounts(cores, 64L << 30, List.of(), 0),
        SECURITY);
  }

  /** With room for ten pods. */
  static RunningNode start(FakeMachine machine, String... sources) {
    return new RunningNode(machine, machine.engine(), 10, Set.of(sources));
  }

  /** With room for so many pods of the one source {@code file}. */
  static RunningNode start(FakeMachine machine, int maxPods) {
    return new RunningNode(machine, machine.engine(), maxPods, Set.of("file"));
  }

  /** With its own way to the engine, for pods of the one source {@code file}. */
  static RunningNode start(FakeMachine machine, ContainerRuntime runtime) {
    return new RunningNode(machine, runtime, 10, Set.of("file"));
  }

  /** A pod with one container, {@code main}. */
  static Pod pod(String name, String uid) {
    return FakeMachine.pod(name, uid, SPEC);
  }

  /** The agent ends, and no container does. */
  void stop() {
    machine.kit().stop(events);
    machine.kit().stop(node);
  }

  /** All pods that a source wants. */
  void wants(String source, Pod... pods) {
    node.tell(new NodeActor.SetPods(source, List.of(pods)));
  }

  NodeHealth health() {
    TestProbe<NodeHealth> answer = machine.kit().createTestProbe();
    node.tell(new NodeActor.GetHealth(answer.getRef()));
    return answer.receiveMessage();
  }

  List<PodSnapshot> pods() {
    TestProbe<List<PodSnapshot>> answer = machine.kit().createTestProbe();
    node.tell(new NodeActor.GetPods(answer.getRef()));
    return answer.receiveMessage();
  }

  Optional<Pod> pod(String name) {
    TestProbe<Optional<PodSnapshot>> answer = machine.kit().createTestProbe();
    node.tell(new NodeActor.GetPod("golden", name, answer.getRef()));
    return answer.receiveMessage().map(PodSnapshot::pod);
  }

  /** The phase that is told, {@code Pending} before anything is. */
  String phase(String name) {
    return pod(name)
        .flatMap(p -> Optional.ofNullable(p.getStatus()))
        .flatMap(s -> Optional.ofNullable(s.getPhase()))
        .orElse("Pending");
  }

  ContainerStatus main(String name) {
    return pod(name).orElseThrow().getStatus().getContainerStatuses().getFirst();
  }

  /** Waits for an instance of {@code main} that runs. */
  void awaitRunning(String name, int restarts) {
    machine.eventually(() -> expectRunning(name, restarts));
  }

  private void expectRunning(String name, int restarts) {
    assertThat(phase(name)).isEqualTo("Running");
    assertThat(main(name).getState().getRunning()).isNotNull();
    assertThat(main(name).getRestartCount()).isEqualTo(restarts);
  }

  /** The same, with time passing by. */
  void awaitRunningInTime(String name, int restarts) {
    machine.eventually(
        () -> {
          machine.pass(SECOND);
          expectRunning(name, restarts);
        });
  }

  /** What the engine has of that pod. */
  List<ContainerSummary> listed(String uid) {
    return machine.engine().list(uid).toCompletableFuture().join();
  }

  void awaitGone(String uid) {
    machine.eventually(() -> assertThat(listed(uid)).isEmpty());
  }
}
