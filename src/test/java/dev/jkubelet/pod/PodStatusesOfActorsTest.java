package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.Backoff;
import dev.jkubelet.pod.ContainerSteps.Outlook;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodStatusesOfActorsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T13:06:16Z");
  private static final Pod POD =
      Specs.pod("{restartPolicy: Always, containers: [{name: main, image: 'busybox:1.36'}]}");

  @Test
  void knowsNothingBeforeTheFirstReport() {
    assertThat(status(PodLife.UNKNOWN).getState().getWaiting().getReason())
        .isEqualTo("ContainerCreating");
  }

  @Test
  void showsABackOffWhileItLasts() {
    var life = ended().backingOff(new Backoff(Duration.ofSeconds(20), NOW.minusSeconds(30)));

    var backingOff = status(life, Outlook.BACKING_OFF);
    var launching = status(life, Outlook.UNSETTLED);

    assertThat(backingOff.getState().getWaiting().getMessage())
        .isEqualTo("back-off 20s restarting failed container=main pod=web-node1_golden(a7af)");
    assertThat(backingOff.getLastState().getTerminated().getExitCode()).isEqualTo(1);
    assertThat(launching.getState().getTerminated().getExitCode()).isEqualTo(1);
  }

  @Test
  void callsAFailedPullABackOffAfterAWhile() {
    var setback =
        Setback.ofPull(
            new Waiting("ErrImagePull", "no such image"),
            new Waiting("ImagePullBackOff", "Back-off pulling image \"x\""),
            Optional.empty(),
            NOW.minusSeconds(1));
    var life = ContainerLife.UNKNOWN.set(Optional.of(setback));

    assertThat(status(life, Outlook.UNSETTLED).getState().getWaiting().getReason())
        .isEqualTo("ErrImagePull");
    assertThat(
            PodStatuses.of(
                    POD,
                    of(life, Outlook.UNSETTLED),
                    null,
                    Optional.empty(),
                    Optional.empty(),
                    NOW.plusSeconds(5))
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getWaiting()
                .getReason())
        .isEqualTo("ImagePullBackOff");
  }

  @Test
  void saysNothingOfTheEnginesOwnTrouble() {
    var life =
        ContainerLife.UNKNOWN
            .observed(Optional.of(Specs.running("main", 2)), Optional.empty(), List.of())
            .set(Optional.of(Setback.ofEngine(Optional.empty(), NOW)));

    assertThat(status(life, Outlook.UNSETTLED).getState().getRunning()).isNotNull();
  }

  private static ContainerLife ended() {
    return ContainerLife.UNKNOWN.observed(
        Optional.of(Specs.exited("main", 1, 1)), Optional.empty(), List.of());
  }

  private static ContainerStatus status(ContainerLife life, Outlook outlook) {
    return status(of(life, outlook));
  }

  private static ContainerStatus status(PodLife life) {
    return PodStatuses.of(POD, life, null, Optional.empty(), Optional.empty(), NOW)
        .getContainerStatuses()
        .getFirst();
  }

  private static PodLife of(ContainerLife life, Outlook outlook) {
    return PodLife.UNKNOWN
        .observed(Optional.empty())
        .with(new ContainerActor.Report("main", life, outlook, Health.UNPROBED));
  }
}
