package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerStatusesTest {
  private static final Container SPEC = Specs.container("{name: main, image: 'busybox:1.36'}");
  private static final ContainerStatuses TEXTS = new ContainerStatuses("ContainerCreating", 10);

  @ParameterizedTest
  @CsvSource({
    "0, false, Completed",
    "3, false, Error",
    "137, true, OOMKilled",
    "0, true, OOMKilled"
  })
  void namesTheReasonOfAnEnd(int exitCode, boolean oomKilled, String reason) {
    var terminated =
        app(seen(Specs.exited("main", 0, exitCode, oomKilled))).getState().getTerminated();

    assertThat(terminated.getReason()).isEqualTo(reason);
    assertThat(terminated.getExitCode()).isEqualTo(exitCode);
    assertThat(terminated.getMessage()).isNull();
    assertThat(terminated.getFinishedAt()).isEqualTo("2026-11-23T13:06:12Z");
  }

  @Test
  void tellsOfAContainerThatCouldNotStart() {
    var terminated = app(seen(Specs.created("main", 0, 127, "no sh"))).getState().getTerminated();

    assertThat(terminated.getReason()).isEqualTo("ContainerCannotRun");
    assertThat(terminated.getMessage()).isEqualTo("no sh");
    assertThat(terminated.getStartedAt()).isEqualTo("2026-11-23T13:06:10Z");
    assertThat(terminated.getFinishedAt()).isEqualTo("2026-11-23T13:06:10Z");
  }

  @Test
  void waitsForAContainerThatIsMadeButNotStarted() {
    assertThat(app(seen(Specs.created("main", 0, 0, ""))).getState().getWaiting().getReason())
        .isEqualTo("ContainerCreating");
  }

  @ParameterizedTest
  @CsvSource({"true, true, true, true", "true, false, true, false", "false, true, false, false"})
  void isReadyWhenItRunsAndItsProbesAgree(
      boolean startup, boolean readiness, boolean started, boolean ready) {
    var status =
        app(
            new ContainerObservation(
                "main",
                Optional.of(Specs.running("main", 2)),
                Optional.empty(),
                Optional.of(new Waiting("ErrImagePull", "")),
                startup,
                readiness));

    assertThat(status.getStarted()).isEqualTo(started);
    assertThat(status.getReady()).isEqualTo(ready);
    assertThat(status.getState().getRunning().getStartedAt()).isEqualTo("2026-11-23T13:06:11Z");
    assertThat(status.getRestartCount()).isEqualTo(2);
  }

  @Test
  void remembersTheInstanceBefore() {
    var status =
        app(
            new ContainerObservation(
                "main",
                Optional.of(Specs.running("main", 2)),
                Optional.of(Specs.exited("main", 1, 4)),
                Optional.empty(),
                true,
                true));

    assertThat(status.getLastState().getTerminated().getContainerID()).isEqualTo("docker://main1");
  }

  @Test
  void putsTheEndBehindTheWaitThatFollows() {
    var status =
        app(
            new ContainerObservation(
                "main",
                Optional.of(Specs.exited("main", 1, 4)),
                Optional.of(Specs.exited("main", 0, 5)),
                Optional.of(new Waiting("CrashLoopBackOff", "back-off 10s")),
                true,
                true));

    assertThat(status.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
    assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(4);
    assertThat(status.getReady()).isFalse();
  }

  @Test
  void keepsTheEndOfAnInstanceThatWasRemoved() {
    var last = TEXTS.init(SPEC, seen(Specs.exited("main", 3, 0)), Optional.empty());

    assertThat(TEXTS.init(SPEC, none(), Optional.of(last))).isEqualTo(last).isNotSameAs(last);
  }

  @Test
  void keepsCountingRestartsWithoutAnInstance() {
    var last =
        app(
            new ContainerObservation(
                "main",
                Optional.of(Specs.running("main", 2)),
                Optional.of(Specs.exited("main", 1, 4)),
                Optional.empty(),
                true,
                true));

    var status = TEXTS.app(SPEC, none(), Optional.of(last));

    assertThat(status.getState().getWaiting().getReason()).isEqualTo("ContainerCreating");
    assertThat(status.getRestartCount()).isEqualTo(2);
    assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(4);
    assertThat(status.getContainerID()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"0123456789, 0123456789", "0123456789x, 0123456789", "012345678ä, 012345678"})
  void cutsALongMessageBetweenCharacters(String message, String expected) {
    var ended =
        new ContainerLife.Instance(Specs.exited("main", 0, 1).inspection(), Optional.of(message));

    assertThat(app(seen(ended)).getState().getTerminated().getMessage()).isEqualTo(expected);
  }

  private static ContainerStatus app(ContainerObservation seen) {
    return TEXTS.app(SPEC, seen, Optional.empty());
  }

  private static ContainerObservation seen(ContainerLife.Instance current) {
    return new ContainerObservation(
        "main", Optional.of(current), Optional.empty(), Optional.empty(), true, true);
  }

  private static ContainerObservation none() {
    return new ContainerObservation(
        "main", Optional.empty(), Optional.empty(), Optional.empty(), true, true);
  }
}
