package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodStatusesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T13:06:16.7Z");
  private static final Pod ONE =
      Specs.pod("{restartPolicy: Always, containers: [{name: main, image: 'busybox:1.36'}]}");
  private static final Pod NEVER =
      Specs.pod("{restartPolicy: Never, containers: [{name: main, image: 'busybox:1.36'}]}");

  /** The crash pod of the reference node, word for word. */
  @Test
  void isTheGoldenStatusOfACrashLoop() {
    var crash =
        new Waiting(
            "CrashLoopBackOff",
            "back-off 5m0s restarting failed container=main pod=web-node1_golden(a7af)");
    var ended =
        new ContainerLife.Instance(Specs.exited("main", 7, 3).inspection(), Optional.of("bye\n"));
    var seen =
        new ContainerObservation(
            "main", Optional.of(ended), Optional.empty(), Optional.of(crash), true, true);

    assertThat(status(ONE, Optional.empty(), seen))
        .isEqualTo(
            Specs.parse(
                PodStatus.class,
                """
                phase: Running
                conditions:
                - {type: Initialized, status: "True", lastTransitionTime: "2026-11-23T13:06:16Z"}
                - {type: Ready, status: "False", lastTransitionTime: "2026-11-23T13:06:16Z",
                   reason: ContainersNotReady, message: "containers with unready status: [main]"}
                - {type: ContainersReady, status: "False", lastTransitionTime: "2026-11-23T13:06:16Z",
                   reason: ContainersNotReady, message: "containers with unready status: [main]"}
                - {type: PodScheduled, status: "True", lastTransitionTime: "2026-11-23T13:06:16Z"}
                hostIP: 10.0.0.1
                podIP: 172.28.0.8
                podIPs: [{ip: 172.28.0.8}]
                startTime: "2026-11-23T13:06:16Z"
                containerStatuses:
                - name: main
                  state:
                    waiting:
                      reason: CrashLoopBackOff
                      message: "back-off 5m0s restarting failed container=main pod=web-node1_golden(a7af)"
                  lastState:
                    terminated: {exitCode: 3, reason: Error, message: "bye\\n",
                      startedAt: "2026-11-23T13:06:11Z", finishedAt: "2026-11-23T13:06:12Z",
                      containerID: "docker://main7"}
                  ready: false
                  restartCount: 7
                  image: busybox:1.29
                  imageID: docker://sha256:0690
                  containerID: docker://main7
                  started: false
                qosClass: BestEffort
                """));
  }

  @Test
  void isTheGoldenStatusOfAPodThatIsDone() {
    var status = status(NEVER, Optional.empty(), seen("main", Specs.exited("main", 0, 0)));

    assertThat(status.getPhase()).isEqualTo("Succeeded");
    assertThat(status.getConditions())
        .extracting(PodCondition::getType, PodCondition::getStatus, PodCondition::getReason)
        .containsExactly(
            tuple("Initialized", "True", "PodCompleted"),
            tuple("Ready", "False", "PodCompleted"),
            tuple("ContainersReady", "False", "PodCompleted"),
            tuple("PodScheduled", "True", null));
    assertThat(only(status).getState().getTerminated().getReason()).isEqualTo("Completed");
  }

  @Test
  void saysThatNothingHappenedYet() {
    var status = status(ONE, Optional.empty(), none("main"));

    assertThat(status.getPhase()).isEqualTo("Pending");
    assertThat(only(status))
        .isEqualTo(
            Specs.parse(
                ContainerStatus.class,
                """
                name: main
                state: {waiting: {reason: ContainerCreating}}
                lastState: {}
                ready: false
                restartCount: 0
                image: busybox:1.36
                imageID: ""
                started: false
                """));
  }

  @Test
  void showsInitContainersBeforeTheOthers() {
    var pod =
        Specs.pod(
            "{restartPolicy: Always, initContainers: [{name: z}, {name: a}], containers: [{name: httpd}, {name: app}]}");

    var status =
        status(
            pod,
            Optional.empty(),
            seen("z", Specs.exited("z", 0, 0)),
            none("a"),
            none("httpd"),
            none("app"));

    assertThat(status.getPhase()).isEqualTo("Pending");
    assertThat(status.getInitContainerStatuses())
        .extracting(ContainerStatus::getName, ContainerStatus::getReady)
        .containsExactly(tuple("z", true), tuple("a", false));
    assertThat(status.getInitContainerStatuses())
        .extracting(ContainerStatus::getStarted)
        .containsOnlyNulls();
    assertThat(status.getContainerStatuses())
        .extracting(ContainerStatus::getName)
        .containsExactly("app", "httpd");
    assertThat(status.getContainerStatuses())
        .extracting(s -> s.getState().getWaiting().getReason())
        .containsOnly("PodInitializing");
    assertThat(status.getConditions())
        .extracting(PodCondition::getMessage)
        .containsExactly(
            "containers with incomplete status: [a]",
            "containers with unready status: [httpd app]",
            "containers with unready status: [httpd app]",
            null);
    assertThat(status.getConditions().getFirst().getReason()).isEqualTo("ContainersNotInitialized");
  }

  @Test
  void keepsTheTimeOfAConditionThatStays() {
    var first = status(ONE, Optional.empty(), none("main"));

    var second =
        PodStatuses.of(
            ONE,
            List.of(seen("main", Specs.running("main", 0))),
            Optional.of(List.of()),
            Optional.of(first),
            Optional.empty(),
            Optional.empty(),
            NOW.plusSeconds(10));

    assertThat(second.getConditions())
        .extracting(PodCondition::getLastTransitionTime)
        .containsExactly(
            "2026-11-23T13:06:16Z",
            "2026-11-23T13:06:26Z",
            "2026-11-23T13:06:26Z",
            "2026-11-23T13:06:16Z");
    assertThat(second.getStartTime()).isEqualTo("2026-11-23T13:06:16Z");
    assertThat(second.getPodIPs()).isEmpty();
  }

  @Test
  void keepsTheConditionsOfOthersAndWaitsForItsGates() {
    var gated =
        Specs.pod(
            "{restartPolicy: Always, readinessGates: [{conditionType: lb}, {conditionType: dns}], containers: [{name: main}]}");
    var last =
        Specs.parse(
            PodStatus.class,
            "{conditions: [{type: lb, status: 'False', lastTransitionTime: then}]}");

    var conditions =
        status(gated, Optional.of(last), seen("main", Specs.running("main", 0))).getConditions();

    assertThat(conditions.getFirst()).isEqualTo(last.getConditions().getFirst());
    assertThat(conditions.get(2).getReason()).isEqualTo("ReadinessGatesNotReady");
    assertThat(conditions.get(2).getMessage())
        .isEqualTo(
            "the status of pod readiness gate \"lb\" is not \"True\", but False, "
                + "corresponding condition of pod readiness gate \"dns\" does not exist.");
    assertThat(conditions.get(3).getStatus()).isEqualTo("True");
  }

  @Test
  void neverLeavesATerminalPhase() {
    var done = status(NEVER, Optional.empty(), seen("main", Specs.exited("main", 0, 0)));

    var later = status(NEVER, Optional.of(done), seen("main", Specs.running("main", 1)));

    assertThat(later.getPhase()).isEqualTo("Succeeded");
  }

  @Test
  void failsByAVerdictAndRemembersIt() {
    var verdict = new Waiting("DeadlineExceeded", "too long");
    var seen = List.of(seen("main", Specs.running("main", 0)));

    var first =
        PodStatuses.of(
            ONE,
            seen,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(verdict),
            NOW);
    var second = status(ONE, Optional.of(first), seen.getFirst());

    assertThat(first.getPhase()).isEqualTo("Failed");
    assertThat(second.getPhase()).isEqualTo("Failed");
    assertThat(second.getReason()).isEqualTo("DeadlineExceeded");
    assertThat(second.getMessage()).isEqualTo("too long");
  }

  @Test
  void stillTellsTheAddressOfAStoppedSandbox() {
    var first = status(NEVER, Optional.empty(), none("main"));

    var later =
        PodStatuses.of(
            NEVER,
            List.of(none("main")),
            Optional.empty(),
            Optional.of(first),
            Optional.empty(),
            Optional.empty(),
            NOW);

    assertThat(later.getPodIP()).isEqualTo("172.28.0.8");
  }

  @Test
  void givesAPodOnTheHostsNetworkTheHostsAddress() {
    var pod = Specs.pod("{hostNetwork: true, containers: [{name: main}]}");
    var seen = List.of(none("main"));

    var known = status(pod, Optional.empty(), seen.getFirst());
    var unknown =
        PodStatuses.of(
            pod,
            seen,
            Optional.of(List.of()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            NOW);

    assertThat(known.getPodIP()).isEqualTo("10.0.0.1");
    assertThat(known.getHostIP()).isEqualTo("10.0.0.1");
    assertThat(unknown.getPodIP()).isNull();
    assertThat(unknown.getHostIP()).isNull();
  }

  private static PodStatus status(Pod pod, Optional<PodStatus> last, ContainerObservation... seen) {
    return PodStatuses.of(
        pod,
        List.of(seen),
        Optional.of(List.of("172.28.0.8")),
        last,
        Optional.of("10.0.0.1"),
        Optional.empty(),
        NOW);
  }

  private static ContainerStatus only(PodStatus status) {
    return status.getContainerStatuses().getFirst();
  }

  private static ContainerObservation seen(String name, ContainerLife.Instance current) {
    return new ContainerObservation(
        name, Optional.of(current), Optional.empty(), Optional.empty(), true, true);
  }

  private static ContainerObservation none(String name) {
    return new ContainerObservation(
        name, Optional.empty(), Optional.empty(), Optional.empty(), true, true);
  }
}
