package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.Admission.Refusal;
import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import dev.jkubelet.node.registration.MachineAmounts;
import dev.jkubelet.node.registration.NodeSettings;
import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.stats.MachineInfo.HugePages;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a node refuses a pod, word by word. */
class AdmissionTest {
  private static final AdmissionNode NODE =
      new AdmissionNode(
          "node1",
          Map.of("disk", "ssd", "cores", "8"),
          Map.of(
              "cpu", 2000L,
              "memory", 1000L,
              "ephemeral-storage", 500L,
              "pods", 3L,
              "example.com/card", 1L),
          RunningNode.SECURITY,
          NodePressures.NONE);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cpu: 1500m                 | cpu: 500m           |
          cpu: 1500m                 | cpu: 501m           | OutOfcpu, requested: 1500, used: 501, capacity: 2000
          memory: '600'              | memory: '401'       | OutOfmemory, requested: 600, used: 401, capacity: 1000
          ephemeral-storage: '501'   | cpu: 1m             | OutOfephemeral-storage, requested: 501, used: 0, capacity: 500
          example.com/card: '1'      | example.com/card: 1 | OutOfexample.com/card, requested: 1, used: 1, capacity: 1
          example.com/card: '1'      | cpu: 1m             |
          example.com/unknown: '9'   | cpu: 1m             |
          hugepages-2Mi: 2Mi         | cpu: 1m             | OutOfhugepages-2Mi, requested: 2097152, used: 0, capacity: 0
          'cpu: 3, memory: 2000'     | cpu: 1m             | OutOfcpu, requested: 3000, used: 1, capacity: 2000
          """)
  void whenThereIsNotEnough(String wanted, String taken, String refusal) {
    assertThat(
            Admission.refuse(asking(wanted), List.of(asking(taken)), NODE).map(r -> shortened(r)))
        .isEqualTo(Optional.ofNullable(refusal));
  }

  /** The message without what all have in common. */
  private static String shortened(Refusal refusal) {
    var resource = refusal.reason().substring("OutOf".length());
    var start = "Node didn't have enough resource: " + resource;
    assertThat(refusal.message()).startsWith(start);
    return refusal.reason() + refusal.message().substring(start.length());
  }

  @ParameterizedTest
  @CsvSource({
    "{memory: 1}, false, false, MemoryPressure",
    "{}, true, false, MemoryPressure",
    "{memory: 1}, true, true, MemoryPressure DiskPressure",
  })
  void whenItWouldMakeAShortageWorse(
      String requests, boolean refused, boolean disk, String conditions) {
    var pod =
        FakeMachine.pod(
            "web",
            "uid-web",
            "{containers: [{name: main, resources: {requests: " + requests + "}}]}");
    assertThat(Admission.refuse(pod, List.of(), NODE.under(new NodePressures(true, disk, false))))
        .isEqualTo(
            refused
                ? Optional.of(
                    new Refusal("Evicted", "The node had condition: [" + conditions + "]. "))
                : Optional.empty());
  }

  @Test
  void takesAPodThatToleratesAShortageOfMemoryAndAnyCriticalOne() {
    var tolerant =
        FakeMachine.pod(
            "web",
            "uid-web",
            """
            {containers: [{name: main}],
             tolerations: [{key: node.kubernetes.io/memory-pressure, operator: Exists}]}
            """);
    var critical =
        FakeMachine.pod("web", "uid-web", "{priority: 2000000000, containers: [{name: main}]}");
    var short1 = NODE.under(new NodePressures(true, false, false));
    var short3 = NODE.under(new NodePressures(true, true, true));
    assertThat(Admission.refuse(tolerant, List.of(), short1)).isEmpty();
    assertThat(Admission.refuse(tolerant, List.of(), short3)).isPresent();
    assertThat(Admission.refuse(critical, List.of(), short3)).isEmpty();
  }

  @Test
  void whenThereAreTooManyPods() {
    var other = asking("cpu: 1m");

    assertThat(Admission.refuse(other, List.of(other, other), NODE)).isEmpty();
    assertThat(Admission.refuse(other, List.of(other, other, other), NODE))
        .contains(
            new Refusal(
                "OutOfpods",
                "Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3"));
  }

  @Test
  void byWhatItsOwnMachineLeavesWhereNoApiServerHasToldOfIt() {
    var node =
        AdmissionNode.ofItsOwn(
            "node1",
            Map.of("disk", "ssd"),
            new NodeSettings.Resources(
                3,
                1,
                Map.of("cpu", new Quantity("200m")),
                Map.of("cpu", new Quantity("300m")),
                Map.of(Signal.MEMORY_AVAILABLE, new Threshold("400"))),
            new MachineAmounts(2, 5000, List.of(new HugePages(1, 2)), 700),
            RunningNode.SECURITY);

    assertThat(node.allocatable())
        .containsOnly(
            Map.entry("cpu", 1500L),
            Map.entry("memory", 5000L - 400 - 2048),
            Map.entry("hugepages-1Ki", 2048L),
            Map.entry("ephemeral-storage", 700L),
            Map.entry("pods", 2L));
    assertThat(Admission.refuse(asking("cpu: 1501m"), List.of(), node).map(Refusal::reason))
        .contains("OutOfcpu");
    assertThat(Admission.refuse(pod("{nodeSelector: {disk: ssd}}"), List.of(), node)).isEmpty();
  }

  @Test
  void whenItIsForAnotherOperatingSystem() {
    assertThat(Admission.refuse(pod("{os: {name: windows}}"), List.of(), NODE))
        .contains(
            new Refusal(
                "PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS"));
    assertThat(Admission.refuse(pod("{os: {name: linux}}"), List.of(), NODE)).isEmpty();
  }

  @Test
  void whenAnotherNodeWasMeant() {
    assertThat(Admission.refuse(pod("{nodeSelector: {disk: tape}}"), List.of(), NODE))
        .contains(new Refusal("NodeAffinity", "Predicate NodeAffinity failed"));
    assertThat(Admission.refuse(pod("{nodeSelector: {disk: ssd}}"), List.of(), NODE)).isEmpty();
  }

  @Test
  void whenAHostPortIsTaken() {
    var pod = pod("{containers: [{name: c, ports: [{containerPort: 1, hostPort: 80}]}]}");

    assertThat(Admission.refuse(pod, List.of(pod), NODE))
        .contains(new Refusal("NodePorts", "Predicate NodePorts failed"));
    assertThat(Admission.refuse(pod, List.of(), NODE)).isEmpty();
  }

  @Test
  void forItsResourcesBeforeAnythingElse() {
    var pod =
        pod(
            "{nodeSelector: {disk: tape}, containers: [{name: c, resources: {requests: {cpu:"
                + " '9'}}}]}");

    assertThat(Admission.refuse(pod, List.of(), NODE).orElseThrow().reason()).isEqualTo("OutOfcpu");
  }

  private static Pod asking(String requests) {
    return pod("{containers: [{name: c, resources: {requests: {" + requests + "}}}]}");
  }

  private static Pod pod(String spec) {
    return FakeMachine.pod("web", "uid-web", spec);
  }
}
