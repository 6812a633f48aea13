package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod whose containers are to have other amounts while they run. */
class ResizedPodTest {
  private static final String KEEP = "NotRequired";
  private static final String RESTART = "RestartContainer";

  @TempDir private Path root;
  private FakeMachine machine;

  @BeforeEach
  void open() {
    machine = new FakeMachine(root);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void getsThemWithoutARestart() {
    var pod = start(spec("200m", "64Mi", KEEP));

    pod.desire(spec("400m", "128Mi", KEEP));

    machine.eventually(() -> assertThat(main(pod).resources().memoryLimit()).isEqualTo(128 << 20));
    assertThat(main(pod).resources().cpuQuota()).isEqualTo(40_000);
    assertThat(main(pod).resources().cpuShares()).isEqualTo(409);
    var told =
        pod.awaitContainer(
            "main", c -> "128Mi".equals(c.getResources().getLimits().get("memory").toString()));
    assertThat(told.getRestartCount()).isZero();
    assertThat(told.getAllocatedResources().get("cpu")).hasToString("400m");
    pod.expectQuiet();
    assertThat(pod.status().getResize()).isNull();
  }

  @Test
  void hasARoomierCgroupBeforeAndATighterOneAfterwards() {
    var pod = start(spec("200m", "64Mi", KEEP));
    var held = machine.engine().hang(Verb.UPDATE, _ -> true);

    pod.desire(spec("100m", "128Mi", KEEP));
    machine.eventually(() -> assertThat(held.held()).hasSize(1));
    assertThat(machine.cgroups().limits(RunningPod.UID)).containsExactly("0.2", "134217728");
    held.release();

    machine.eventually(
        () ->
            assertThat(machine.cgroups().limits(RunningPod.UID)).containsExactly("100m", "128Mi"));
  }

  @Test
  void isRestartedWhereThePolicySaysSo() {
    var pod = start(spec("200m", "64Mi", RESTART));

    pod.desire(spec("200m", "128Mi", RESTART));

    pod.awaitRunning("main", 1);
    assertThat(main(pod).resources().memoryLimit()).isEqualTo(128 << 20);
    assertThat(machine.events())
        .extracting(FakeMachine.Recorded::message)
        .contains("Container main resize requires restart");
  }

  @Test
  void keepsItsCpuPolicyApartFromThatOfItsMemory() {
    var pod = start(spec("200m", "64Mi", RESTART));

    pod.desire(spec("300m", "64Mi", RESTART));

    machine.eventually(() -> assertThat(main(pod).resources().cpuQuota()).isEqualTo(30_000));
    assertThat(pod.awaitRunning("main", 0).getRestartCount()).isZero();
  }

  @Test
  void isTriedAgainWhenTheEngineRefuses() {
    var pod = start(spec("200m", "64Mi", KEEP));
    machine.engine().failNext(Verb.UPDATE, _ -> true, new EngineException.Refused("in use", null));

    pod.desire(spec("200m", "32Mi", KEEP));
    pod.await(status -> "InProgress".equals(status.getResize()));
    machine.eventually(
        () ->
            assertThat(machine.events())
                .contains(
                    new FakeMachine.Recorded("web", "main", "Warning", "ResizeError", "in use")));
    assertThat(pod.container("main").getResources().getLimits().get("memory")).hasToString("64Mi");

    // The event may be told before the actor has set its timer.
    machine.eventually(
        () -> {
          machine.pass(Duration.ofSeconds(10));
          assertThat(main(pod).resources().memoryLimit()).isEqualTo(32 << 20);
        });
    pod.await(status -> status.getResize() == null);
  }

  @Test
  void isLeftAloneByTheNextAgent() {
    var before = start(spec("200m", "64Mi", KEEP));
    before.desire(spec("400m", "64Mi", KEEP));
    machine.eventually(() -> assertThat(main(before).resources().cpuQuota()).isEqualTo(40_000));
    before.abandon();
    var calls = machine.engine().calls().size();

    var after = RunningPod.start(machine, spec("400m", "64Mi", KEEP));

    after.awaitRunning("main", 0);
    after.expectQuiet();
    assertThat(machine.engine().calls().stream().skip(calls))
        .extracting("verb")
        .containsOnly(Verb.LIST, Verb.INSPECT);
  }

  private RunningPod start(String spec) {
    var pod = RunningPod.start(machine, spec);
    pod.awaitRunning("main", 0);
    return pod;
  }

  private ContainerInspection main(RunningPod pod) {
    return pod.instances().stream()
        .map(summary -> machine.engine().inspect(summary.id()).toCompletableFuture().join())
        .max(Comparator.comparingInt(one -> one.summary().attempt()))
        .orElseThrow();
  }

  /** Guaranteed: its cgroup is where its class is, whatever it has meanwhile. */
  private static String spec(String cpu, String memory, String memoryPolicy) {
    return Stream.of(
            "{containers: [{name: main, image: 'app:1',",
            "resources: {requests: {cpu: %s, memory: %s}, limits: {cpu: %s, memory: %s}},",
            "resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired},",
            "{resourceName: memory, restartPolicy: %s}]}]}")
        .collect(Collectors.joining(" "))
        .formatted(cpu, memory, cpu, memory, memoryPolicy);
  }
}
