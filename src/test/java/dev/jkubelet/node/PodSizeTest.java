package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.pod.FakeMachine;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod is given that asks for more or less than it has. */
class PodSizeTest {
  private static final AdmissionNode NODE =
      new AdmissionNode(
          "node1",
          Map.of(),
          Map.of("cpu", 2000L, "memory", 1L << 30),
          HostSecurity.of(Path.of("/"), SysctlRules.SAFE_ONLY),
          NodePressures.NONE);

  @ParameterizedTest
  @CsvSource({
    "1500m, 500m, 1500m, ", // there is room
    "100m, 500m, 100m, ", // less is always given
    "1501m, 500m, 1, Deferred", // another has it
    "2001m, 500m, 1, Infeasible", // the node is too small
    "1, 1500m, 1, ", // it has that already, whatever others have
  })
  void isWhatItAsksForOrWhatItHas(String asked, String others, String given, String said) {
    var fit = PodSize.of(pod("a", asked), pod("a", "1"), List.of(pod("b", others)), NODE);

    assertThat(cpu(fit)).isEqualTo(given);
    assertThat(fit.getStatus() == null ? null : fit.getStatus().getResize()).isEqualTo(said);
  }

  @Test
  void isToldNoMoreOnceThereIsRoom() {
    var deferred =
        new PodBuilder(pod("a", "1501m"))
            .withNewStatus()
            .withResize("Deferred")
            .endStatus()
            .build();

    var fit = PodSize.of(deferred, pod("a", "1"), List.of(), NODE);

    assertThat(cpu(fit)).isEqualTo("1501m");
    assertThat(fit.getStatus().getResize()).isNull();
  }

  @Test
  void isKnownToTheNextAgentByTheStatus() {
    var told =
        new PodBuilder(pod("a", "3"))
            .withNewStatus()
            .addNewContainerStatus()
            .withName("main")
            .withResources(pod("a", "1").getSpec().getContainers().getFirst().getResources())
            .endContainerStatus()
            .endStatus()
            .build();

    var fit = PodSize.of(told, PodSize.told(told), List.of(), NODE);

    assertThat(cpu(fit)).isEqualTo("1");
    assertThat(fit.getStatus().getResize()).isEqualTo("Infeasible");
  }

  @Test
  void isNobodysBusinessWhereTheApiServerLetsNobodyChangeIt() {
    var pod = FakeMachine.pod("a", "uid-a", "{containers: [{name: main, image: 'app:1'}]}");

    assertThat(PodSize.of(pod, pod, List.of(), NODE)).isSameAs(pod);
  }

  private static Pod pod(String name, String cpu) {
    return FakeMachine.pod(
        name,
        "uid-" + name,
        "{containers: [{name: main, image: 'app:1', resources: {requests: {cpu: %s}},"
                .formatted(cpu)
            + " resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]}]}");
  }

  private static String cpu(Pod pod) {
    return pod.getSpec()
        .getContainers()
        .getFirst()
        .getResources()
        .getRequests()
        .get("cpu")
        .toString();
  }
}
