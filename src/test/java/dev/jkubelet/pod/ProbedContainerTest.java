package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine.Recorded;
import dev.jkubelet.probe.TinyServer;
import dev.jkubelet.stats.MetricsFormat;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What probes make of a container. */
class ProbedContainerTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofMillis(1);

  @TempDir private Path root;
  private FakeMachine machine;
  private RunningPod pod;

  @BeforeEach
  void open() {
    machine = new FakeMachine(root);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void isReadyOnceItsProbeSucceedsAndNoMoreOnceItFailsOftenEnough() {
    machine.engine().healthy("main", false);
    run(
        "readinessProbe: {exec: {command: [is, healthy]}, initialDelaySeconds: 5, periodSeconds:"
            + " 2}");
    pod.awaitRunning("main", 0);
    assertThat(pod.container("main").getReady()).isFalse();
    assertThat(pod.container("main").getStarted()).isTrue();
    assertThat(condition("ContainersReady")).isEqualTo("False");

    machine.pass(Duration.ofSeconds(5).minus(TICK));
    assertThat(machine.engine().commands()).isZero();
    machine.pass(TICK);
    machine.eventually(() -> assertThat(machine.engine().commands()).isEqualTo(1));
    machine.engine().healthy("main", true);
    machine.pass(Duration.ofSeconds(2));

    pod.awaitContainer("main", ContainerStatus::getReady);
    assertThat(condition("Ready")).isEqualTo("True");
    assertThat(machine.events()).contains(unhealthy("Readiness probe failed: unhealthy"));

    machine.engine().healthy("main", false);
    look(2, 2);
    pod.expectQuiet();
    look(2, 1);
    pod.awaitContainer("main", main -> !main.getReady());
    assertThat(condition("Ready")).isEqualTo("False");
    assertThat(pod.container("main").getRestartCount()).isZero();
    assertThat(metrics())
        .contains(
            "prober_probe_total{container=\"main\",namespace=\"golden\",pod=\"web\","
                + "pod_uid=\"uid-web\",probe_type=\"Readiness\",result=\"failed\"} 4\n");
  }

  @Test
  void isMadeAnewWhenItsLivenessProbeFails() {
    run("livenessProbe: {exec: {command: [is, healthy]}, periodSeconds: 3, failureThreshold: 2}");
    pod.awaitRunning("main", 0);
    machine.engine().healthy("main", false);
    look(3, 1);
    assertThat(pod.container("main").getRestartCount()).isZero();

    look(3, 1);

    var main = pod.awaitRunning("main", 1);
    assertThat(main.getLastState().getTerminated().getExitCode()).isEqualTo(143);
    assertThat(machine.events())
        .contains(
            unhealthy("Liveness probe failed: unhealthy"),
            killing("Container main failed liveness probe, will be restarted"));
    assertThat(machine.engine().stops()).hasSize(1);
    assertThat(machine.engine().stops().getFirst().grace()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void isGivenTheTimeThatItsProbeLeavesIt() {
    run(
        "livenessProbe: {exec: {command: [is, healthy]}, failureThreshold: 1, periodSeconds: 1,"
            + " terminationGracePeriodSeconds: 7}");
    pod.awaitRunning("main", 0);
    machine.engine().healthy("main", false);
    look(1, 1);

    pod.awaitRunning("main", 1);
    assertThat(machine.engine().stops().getFirst().grace()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void staysDeadIfItIsNeverToBeRestarted() {
    run(
        "livenessProbe: {exec: {command: [is, healthy]}, failureThreshold: 1, periodSeconds: 1}",
        "restartPolicy: Never,");
    pod.awaitRunning("main", 0);
    machine.engine().healthy("main", false);
    look(1, 1);

    pod.awaitPhase("Failed");
    assertThat(machine.events()).contains(killing("Container main failed liveness probe"));
  }

  @Test
  void isNeitherReadyNorProbedOtherwiseBeforeItHasStarted() {
    machine.engine().healthy("main", false);
    run(
        "startupProbe: {exec: {command: [is, healthy]}, periodSeconds: 1, failureThreshold: 10},"
            + " livenessProbe: {exec: {command: [is, alive]}, periodSeconds: 1}");
    pod.awaitRunning("main", 0);
    look(1, 3);
    assertThat(pod.container("main").getStarted()).isFalse();
    assertThat(pod.container("main").getReady()).isFalse();

    machine.engine().healthy("main", true);
    look(1, 1);

    pod.awaitContainer("main", ContainerStatus::getReady);
    assertThat(pod.container("main").getStarted()).isTrue();
    int before = machine.engine().commands();
    look(1, 1);
    machine.eventually(() -> assertThat(machine.engine().commands()).isEqualTo(before + 1));
    assertThat(pod.container("main").getRestartCount()).isZero();
  }

  @Test
  void isMadeAnewWhenItDoesNotStart() {
    machine.engine().healthy("main", false);
    run("startupProbe: {exec: {command: [is, healthy]}, periodSeconds: 1, failureThreshold: 2}");
    pod.awaitRunning("main", 0);
    look(1, 2);

    pod.awaitRunning("main", 1);
    assertThat(machine.events())
        .contains(killing("Container main failed startup probe, will be restarted"));
  }

  @Test
  void aCommandThatOverrunsItsTimeHasFailedAndIsEnded() {
    run(
        "livenessProbe: {exec: {command: [cat]}, periodSeconds: 10, timeoutSeconds: 2,"
            + " failureThreshold: 1}");
    pod.awaitRunning("main", 0);
    machine.eventually(() -> assertThat(machine.engine().heldProcesses()).isEqualTo(1));

    machine.pass(Duration.ofSeconds(2));

    pod.awaitRunning("main", 1);
    assertThat(machine.events())
        .contains(unhealthy("Liveness probe failed: command \"cat\" timed out"));
    machine.eventually(() -> assertThat(machine.engine().heldProcesses()).isEqualTo(1));
  }

  @Test
  void isLookedAtOverTheNetworkWhereThePodIs() throws IOException {
    try (var server = new TinyServer()) {
      server.says("/ok", 200);
      run(
          "ports: [{name: web, containerPort: %d}], readinessProbe: {httpGet: {path: /ok,"
                  .formatted(server.port())
              + " port: web, host: 127.0.0.1}}");

      pod.awaitContainer("main", ContainerStatus::getReady);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aLookThatHangsHoldsUpNoOther() throws IOException {
    try (var silent = new TinyServer()) {
      pod =
          RunningPod.start(
              machine,
              ("{containers: [{name: hung, image: 'app:1', livenessProbe: {httpGet: {port: %d,"
                      + " host: 127.0.0.1}, periodSeconds: 1, timeoutSeconds: 1000}},"
                      + " {name: main, image: 'app:1', livenessProbe: {exec: {command: [is,"
                      + " healthy]}, periodSeconds: 1}}]}")
                  .formatted(silent.port()));
      pod.awaitRunning("main", 0);
      machine.eventually(() -> assertThat(silent.requests()).hasSize(1));

      look(1, 3);

      assertThat(silent.requests()).hasSize(1);
    }
  }

  @Test
  void aMachineThatStoodStillLooksOnceAndNotForEveryTurnItMissed() {
    run("livenessProbe: {exec: {command: [is, healthy]}, periodSeconds: 1}");
    pod.awaitRunning("main", 0);
    machine.eventually(() -> assertThat(machine.engine().commands()).isEqualTo(1));

    machine.pass(SECOND.multipliedBy(50));

    machine.eventually(() -> assertThat(machine.engine().commands()).isEqualTo(2));
    pod.expectQuiet();
    assertThat(machine.engine().commands()).isEqualTo(2);
  }

  @Test
  void anImpossiblePortIsAnErrorAndNoVerdict() {
    run("livenessProbe: {tcpSocket: {port: nosuch}, failureThreshold: 1}");
    pod.awaitRunning("main", 0);

    machine.eventually(
        () ->
            assertThat(machine.events())
                .contains(
                    unhealthy(
                        "Liveness probe errored: strconv.Atoi: parsing \"nosuch\": invalid"
                            + " syntax")));
    assertThat(pod.container("main").getRestartCount()).isZero();
  }

  @Test
  void whatTheLastAgentToldStandsAndItsLooksAreSpread() {
    var spec =
        "{containers: [{name: main, image: 'app:1', readinessProbe: {exec: {command: [is,"
            + " healthy]}, periodSeconds: 100}}]}";
    pod = RunningPod.start(machine, spec);
    pod.awaitContainer("main", ContainerStatus::getReady);
    pod.abandon();
    int before = machine.engine().commands();

    var after = RunningPod.adopt(machine, spec, pod.status());

    after.awaitRunning("main", 0);
    assertThat(after.container("main").getReady()).isTrue();
    assertThat(machine.engine().commands()).isEqualTo(before);
    machine.pass(Duration.ofSeconds(100));
    machine.eventually(() -> assertThat(machine.engine().commands()).isGreaterThan(before));
  }

  @Test
  void anEndedPodIsProbedNoMore() {
    run("livenessProbe: {exec: {command: [is, healthy]}, periodSeconds: 1}");
    pod.awaitRunning("main", 0);
    machine.eventually(() -> assertThat(metrics()).contains("result=\"successful\"} 1\n"));
    pod.terminate();
    pod.awaitEnd();
    int before = machine.engine().commands();

    machine.pass(Duration.ofSeconds(5));

    assertThat(machine.engine().commands()).isEqualTo(before);
    machine.eventually(() -> assertThat(metrics()).doesNotContain("prober_probe_total{"));
  }

  private void run(String probes) {
    run(probes, "");
  }

  private void run(String probes, String more) {
    pod =
        RunningPod.start(
            machine, "{" + more + " containers: [{name: main, image: 'app:1', " + probes + "}]}");
  }

  /** Lets so many looks come, and be over. */
  private void look(int period, int times) {
    for (int n = 0; n < times; n++) {
      int before = machine.engine().commands();
      machine.pass(SECOND.multipliedBy(period));
      machine.eventually(() -> assertThat(machine.engine().commands()).isGreaterThan(before));
      machine.eventually(() -> assertThat(machine.engine().heldProcesses()).isZero());
    }
  }

  private String condition(String type) {
    return condition(pod.status(), type);
  }

  private static String condition(PodStatus status, String type) {
    return status.getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst()
        .orElseThrow()
        .getStatus();
  }

  private String metrics() {
    return new String(
        machine.services().metrics().probes().render(MetricsFormat.TEXT), StandardCharsets.UTF_8);
  }

  private static Recorded unhealthy(String message) {
    return new Recorded("web", "main", "Warning", "Unhealthy", message);
  }

  private static Recorded killing(String message) {
    return new Recorded("web", "main", "Normal", "Killing", message);
  }
}
