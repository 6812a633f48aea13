package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.runtime.FakeCall.Verb;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who makes room for a critical pod. */
class PreemptionTest {
  private static final AdmissionNode NODE =
      new AdmissionNode(
          "node1",
          Map.of(),
          Map.of("cpu", 1000L, "memory", 1000L, "pods", 5L),
          RunningNode.SECURITY,
          NodePressures.NONE);

  /** By class (b: best effort, u: burstable, g: guaranteed), name, cpu and memory. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          300 0 | u:a:800:0                       | a
          300 0 | u:a:100:0 u:b:300:0 u:c:500:0   | b
          300 0 | u:a:100:0 u:b:500:0 g:c:400:1   | b
          700 0 | u:a:100:0 u:b:400:0 g:c:400:1   | b c
          300 0 | u:a:400:9 u:b:400:5             | b
          600 600 | u:a:500:100 u:b:100:500       | a b
          600 600 | u:a:500:100 u:b:100:400 g:c:300:400 | a b
          100 0 | b:a b:b u:c:1:0 u:d:1:0 g:e:1:1 | a
          """)
  void isWhoeverComesClosest(String wanted, String active, String victims) {
    var pod = critical(wanted.strip().split(" ", -1));

    var preemption = Preemption.of(pod, parsed(active), NODE);

    assertThat(preemption)
        .isInstanceOfSatisfying(
            Preemption.Victims.class,
            found ->
                assertThat(found.pods())
                    .extracting(victim -> victim.getMetadata().getName())
                    .containsExactlyInAnyOrder(victims.split(" ", -1)));
  }

  @Test
  void isNobodyWhenAllTogetherHaveNotEnough() {
    var active = List.of(pod("u:a:100:0"), critical("800", "0"));

    var preemption = Preemption.of(critical("350", "0"), active, NODE);

    assertThat(preemption)
        .isEqualTo(
            new Preemption.Impossible(
                new Admission.Refusal(
                    "UnexpectedAdmissionError",
                    "Unexpected error while attempting to recover from admission failure:"
                        + " preemption: error finding a set of pods to preempt: no set of running"
                        + " pods found to reclaim resources: [(res: cpu, q: 150), ]")));
  }

  @Test
  void isNobodyWhenRoomWouldNotHelp() {
    var elsewhere =
        new PodBuilder(critical("300", "0"))
            .editSpec()
            .addToNodeSelector("disk", "tape")
            .endSpec()
            .build();

    assertThat(Preemption.of(elsewhere, List.of(pod("u:a:800:0")), NODE))
        .isEqualTo(new Preemption.None());
  }

  @Test
  void failsForAStaticPodThatThenRuns(@TempDir Path root) {
    try (var machine = new FakeMachine(root)) {
      var half = "{containers: [{name: main, image: 'app:1', resources: {requests: {cpu: '%s'}}}]}";
      var node = ApiNode.start(machine);
      node.wants(ApiNode.pod("a", half.formatted(1)), ApiNode.pod("b", half.formatted(1)));
      node.awaitPhase("a", "Running");

      node.wantsStatic(
          new PodBuilder(FakeMachine.pod("s", "uid-s", half.formatted("1500m")))
              .editMetadata()
              .addToAnnotations("kubernetes.io/config.source", "file")
              .endMetadata()
              .build());

      var failed = node.awaitPhase("b", "Failed").getStatus();
      assertThat(failed.getReason()).isEqualTo("Preempting");
      assertThat(failed.getMessage()).isEqualTo("Preempted in order to admit critical pod");
      node.awaitPhase("s", "Running");
      assertThat(machine.events())
          .contains(new FakeMachine.Recorded("b", "", "Warning", "Preempting", Preemption.MESSAGE));
    }
  }

  @Test
  void waitsForTheEndOfWhoFailed(@TempDir Path root) {
    try (var machine = new FakeMachine(root)) {
      var pods = new Pod[] {pod("u:a:1500:0"), pod("u:b:100:0")};
      var node = ApiNode.start(machine);
      node.wants(pods);
      node.awaitPhase("a", "Running");
      var stop = machine.engine().hang(Verb.STOP, call -> call.pod().equals("a"));

      node.wantsStatic(critical("1800", "0"));

      assertThat(node.awaitPhase("a", "Failed").getStatus().getReason()).isEqualTo("Preempting");
      machine.eventually(() -> assertThat(stop.held()).hasSize(1));
      node.wants(pods);
      assertThat(node.pods()).extracting(PodSnapshot::pod).filteredOn(PodChanges::over).hasSize(1);
      assertThat(machine.engine().calls()).noneMatch(call -> call.target().equals("uid-s"));

      stop.release();

      node.awaitPhase("s", "Running");
    }
  }

  private static List<Pod> parsed(String pods) {
    return Stream.of(pods.strip().split(" ", -1)).map(PreemptionTest::pod).toList();
  }

  private static Pod pod(String text) {
    var words = text.split(":", -1);
    return switch (words[0]) {
      case "b" -> ApiNode.pod(words[1], "{containers: [{name: main, image: 'app:1'}]}");
      case "u" ->
          ApiNode.pod(words[1], spec("requests: {cpu: %sm, memory: %s}", words[2], words[3]));
      default ->
          ApiNode.pod(
              words[1],
              spec(
                  "requests: {cpu: %1$sm, memory: %2$s}, limits: {cpu: %1$sm, memory: %2$s}",
                  words[2], words[3]));
    };
  }

  private static Pod critical(String... amounts) {
    return FakeMachine.pod(
            "s", "uid-s", spec("requests: {cpu: %sm, memory: %s}", amounts[0], amounts[1]))
        .edit()
        .editMetadata()
        .addToAnnotations("kubernetes.io/config.source", "file")
        .endMetadata()
        .build();
  }

  private static String spec(String resources, String cpu, String memory) {
    return "{containers: [{name: main, image: 'app:1', resources: {%s}}]}"
        .formatted(resources.formatted(cpu, memory));
  }
}
