package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.stats.KubeletMetrics;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** A node whose pods come from an API server that a test plays. */
final class ApiNode {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final FakeMachine machine;
  private final TestProbe<PodReport> reports;
  private final ActorRef<NodeActor.Command> node;
  private final ActorRef<RuntimeEvents.Command> events;

  private ApiNode(FakeMachine machine) {
    this.machine = machine;
    this.reports = machine.kit().createTestProbe();
    var services = machine.services();
    this.node =
        machine
            .kit()
            .spawn(
                NodeActor.create(
                    services,
                    RunningNode.of(Map.of("disk", "own"), 3, 10),
                    Set.of("api"),
                    reports.getRef()));
    this.events =
        machine
            .kit()
            .spawn(
                RuntimeEvents.create(
                    machine.engine(),
                    new KubeletMetrics("node1"),
                    machine.clock(),
                    Duration.ofMinutes(1),
                    _ -> Optional.empty(),
                    node,
                    _ -> {}));
  }

  /** Registered, with two processors and room for ten pods. */
  static ApiNode start(FakeMachine machine) {
    var started = new ApiNode(machine);
    started.registers(object(Map.of("disk", "ssd")));
    return started;
  }

  static ApiNode startUnregistered(FakeMachine machine) {
    return new ApiNode(machine);
  }

  static Node object(Map<String, String> labels) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("node1")
        .withUid("uid-node1")
        .withLabels(labels)
        .endMetadata()
        .withNewStatus()
        .addToAllocatable("cpu", new Quantity("2"))
        .addToAllocatable("memory", new Quantity("4Gi"))
        .addToAllocatable("pods", new Quantity("10"))
        .endStatus()
        .build();
  }

  void registers(Node object) {
    node.tell(new NodeActor.SetNode(Optional.of(object)));
  }

  /** The API server has no object of this node, and others are to make it. */
  void isNotRegistered() {
    node.tell(new NodeActor.SetNode(Optional.empty()));
  }

  /** One of the API server's, with that spec. */
  static Pod pod(String name, String spec) {
    return new PodBuilder(FakeMachine.pod(name, "uid-" + name, spec))
        .editMetadata()
        .addToAnnotations("kubernetes.io/config.source", "api")
        .withCreationTimestamp("2026-11-23T13:00:00Z")
        .endMetadata()
        .build();
  }

  static Pod pod(String name) {
    return pod(name, RunningNode.SPEC);
  }

  static Pod deleted(Pod pod, long grace) {
    return new PodBuilder(pod)
        .editMetadata()
        .withDeletionTimestamp("2026-11-23T13:30:00Z")
        .withDeletionGracePeriodSeconds(grace)
        .endMetadata()
        .build();
  }

  void wants(Pod... pods) {
    node.tell(new NodeActor.SetPods("api", List.of(pods)));
  }

  /** Of its own manifests. */
  void wantsStatic(Pod... pods) {
    node.tell(new NodeActor.SetPods("file", List.of(pods)));
  }

  /** The agent ends, and no container does. */
  void stop() {
    machine.kit().stop(events);
    machine.kit().stop(node);
  }

  Optional<Pod> pod() {
    return pods().stream().map(PodSnapshot::pod).findFirst();
  }

  List<PodSnapshot> pods() {
    TestProbe<List<PodSnapshot>> answer = machine.kit().createTestProbe();
    node.tell(new NodeActor.GetPods(answer.getRef()));
    return answer.receiveMessage();
  }

  /** That pod as it is told once it is in that phase. */
  Pod awaitPhase(String name, String phase) {
    while (true) {
      if (reports.receiveMessage(PATIENCE) instanceof PodReport.Changed(var snapshot)
          && snapshot.pod().getMetadata().getName().equals(name)
          && phase.equals(snapshot.pod().getStatus().getPhase())) {
        return snapshot.pod();
      }
    }
  }

  /** The last of a pod that is gone. */
  Pod awaitEnded() {
    while (true) {
      if (reports.receiveMessage(PATIENCE) instanceof PodReport.Ended(var last)) {
        return last.pod();
      }
    }
  }

  void expectNothingLeft(String name) {
    var uid = "uid-" + name;
    assertThat(machine.engine().list(uid).toCompletableFuture().join()).isEmpty();
    assertThat(machine.folder(uid)).doesNotExist();
    assertThat(machine.cgroups().has(uid)).isFalse();
  }

  /** Nothing is told for a while. */
  void expectQuiet() {
    reports.expectNoMessage(Duration.ofMillis(100));
  }
}
