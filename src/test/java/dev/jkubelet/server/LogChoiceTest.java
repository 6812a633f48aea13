package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogChoiceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ErrImagePull | image can't be pulled",
        "ImagePullBackOff | trying and failing to pull image",
        "ContainerCreating | ContainerCreating"
      })
  void saysWhatAContainerWaitsFor(String reason, String told) {
    var status = named().withNewState().withNewWaiting().withReason(reason).endWaiting().endState();
    assertThat(refusal(status.build(), false))
        .isEqualTo("container \"c\" in pod \"p\" is waiting to start: " + told);
  }

  @Test
  void saysThatThereAreNoLogsYet() {
    assertThat(refusal(named().build(), false))
        .isEqualTo("container \"c\" in pod \"p\" is waiting to start - no logs yet");
  }

  @Test
  void saysThatAContainerEndedWithoutATrace() {
    var status = named().withNewState().withNewTerminated().endTerminated().endState();
    assertThat(refusal(status.build(), false))
        .isEqualTo("container \"c\" in pod \"p\" is terminated");
  }

  @Test
  void saysThatThereIsNoPrevious() {
    assertThat(refusal(named().build(), true))
        .isEqualTo("previous terminated container \"c\" in pod \"p\" not found");
  }

  @Test
  void saysThatTheEngineForgotAContainer() {
    var status =
        named()
            .withContainerID("docker://gone")
            .withNewState()
            .withNewRunning()
            .endRunning()
            .endState();
    assertThat(refusal(status.build(), false))
        .isEqualTo("unable to retrieve container logs for docker://gone");
  }

  @Test
  void readsTheLastRunOfAContainerThatBacksOff() {
    var crash = GoldenPods.snapshot("crash-golden-node");
    var choice = LogChoice.of(crash, "boom", false);
    assertThat(choice).isInstanceOf(LogChoice.Read.class);
    assertThat(((LogChoice.Read) choice).instance().id()).startsWith("707ba2c62317");
  }

  @Test
  void saysThatAContainerHasNoStatus() {
    var pod = new PodBuilder().withNewMetadata().withName("p").endMetadata().build();
    assertThat(LogChoice.of(new dev.jkubelet.pod.PodSnapshot(pod, Map.of()), "c", false))
        .isEqualTo(new LogChoice.Refused("container \"c\" in pod \"p\" is not available"));
  }

  private static ContainerStatusBuilder named() {
    return new ContainerStatusBuilder().withName("c").withImageID("").withRestartCount(0);
  }

  private static String refusal(ContainerStatus status, boolean previous) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .endMetadata()
            .withNewStatus()
            .withContainerStatuses(status)
            .endStatus()
            .build();
    var snapshot = new dev.jkubelet.pod.PodSnapshot(pod, Map.of());
    return ((LogChoice.Refused) LogChoice.of(snapshot, "c", previous)).reason();
  }
}
