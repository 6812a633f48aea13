package dev.jkubelet.node.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In the form of the patches that a kubelet 1.20 sends. */
class PodStatusPatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theFirstWriteAddsToWhatTheSchedulerSaid() throws Exception {
    assertThat(
            JSON.readTree(PodStatusPatch.of("u", Statuses.scheduled(), Statuses.pending()).get()))
        .isEqualTo(
            JSON.readTree(
                """
                {"metadata":{"uid":"u"},"status":{
                 "$setElementOrder/conditions":[{"type":"Initialized"},{"type":"Ready"},
                   {"type":"ContainersReady"},{"type":"PodScheduled"}],
                 "conditions":[
                  {"lastTransitionTime":"2026-11-23T12:00:00Z","status":"True","type":"Initialized"},
                  {"lastTransitionTime":"2026-11-23T12:00:00Z","status":"False","type":"Ready"},
                  {"lastTransitionTime":"2026-11-23T12:00:00Z","status":"False","type":"ContainersReady"}],
                 "startTime":"2026-11-23T12:00:00Z"}}"""));
  }

  @Test
  void becomingReadyTellsWhatChangedAndContainersAsAWhole() throws Exception {
    var ours = new PodStatusBuilder(Statuses.running()).withPodIPs(new PodIP("10.0.0.9")).build();
    assertThat(JSON.readTree(PodStatusPatch.of("u", Statuses.pending(), ours).get()))
        .isEqualTo(
            JSON.readTree(
                """
                {"metadata":{"uid":"u"},"status":{
                 "$setElementOrder/conditions":[{"type":"Initialized"},{"type":"Ready"},
                   {"type":"ContainersReady"},{"type":"PodScheduled"}],
                 "conditions":[
                  {"lastTransitionTime":"2026-11-23T12:00:02Z","status":"True","type":"Ready"},
                  {"lastTransitionTime":"2026-11-23T12:00:02Z","status":"True","type":"ContainersReady"}],
                 "containerStatuses":[{"containerID":"docker://1","name":"main","ready":true}],
                 "phase":"Running","podIPs":[{"ip":"10.0.0.9"}]}}"""));
  }

  @Test
  void whatOthersSayStays() {
    var gate =
        new PodConditionBuilder()
            .withType("example.com/gate")
            .withStatus("True")
            .withLastTransitionTime("2026-11-23T11:00:00Z")
            .build();
    var api = new PodStatusBuilder(Statuses.pending()).addToConditions(gate).build();
    assertThat(PodStatusPatch.merged(api, Statuses.running()).getConditions()).contains(gate);
    assertThat(PodStatusPatch.of("u", api, Statuses.pending())).isEmpty();
    var stale =
        new PodStatusBuilder(Statuses.pending())
            .addToConditions(new PodConditionBuilder(gate).withStatus("False").build())
            .build();
    assertThat(PodStatusPatch.of("u", api, stale)).isEmpty();
  }

  @Test
  void aConditionsTimeIsThatOfItsStatus() {
    var later = Statuses.status("Pending", "False", "2026-11-23T13:00:00Z").build();
    assertThat(PodStatusPatch.of("u", Statuses.pending(), later)).isEmpty();
  }

  @Test
  void theStartTimeNeverChanges() {
    var restarted =
        new PodStatusBuilder(Statuses.pending()).withStartTime("2026-11-24T00:00:00Z").build();
    assertThat(PodStatusPatch.of("u", Statuses.pending(), restarted)).isEmpty();
  }

  @Test
  void anAddressThatIsGoneIsTakenOut() throws Exception {
    var api = new PodStatusBuilder(Statuses.running()).withPodIPs(new PodIP("10.0.0.9")).build();
    var ours = new PodStatusBuilder(Statuses.running()).withPodIPs(new PodIP("10.0.0.7")).build();
    assertThat(JSON.readTree(PodStatusPatch.of("u", api, ours).get()).get("status"))
        .isEqualTo(
            JSON.readTree(
                """
                {"$setElementOrder/podIPs":[{"ip":"10.0.0.7"}],
                 "podIPs":[{"ip":"10.0.0.7"},{"$patch":"delete","ip":"10.0.0.9"}]}"""));
  }

  /** The recorded pod has empty states and times that our model has not. */
  @Test
  void whatTheRealKubeletWroteNeedsNoWrite() throws Exception {
    PodStatus golden;
    try (var in = PodStatusPatchTest.class.getResourceAsStream("reference-pod.yaml")) {
      golden = new YAMLMapper().readValue(in, Pod.class).getStatus();
    }
    var ours = new PodStatusBuilder(golden).build();
    Stream.concat(ours.getContainerStatuses().stream(), ours.getInitContainerStatuses().stream())
        .forEach(c -> c.setLastState(null));
    assertThat(golden.getContainerStatuses().getFirst().getLastState()).isNotNull();
    assertThat(PodStatusPatch.of("u", golden, ours)).isEmpty();
  }

  @Test
  void turnsAreEndsAndChangesOfReadiness() {
    var failed = Statuses.status("Failed", "False", "x").build();
    assertThat(PodStatusPatch.turns(Statuses.pending(), Statuses.running())).isTrue();
    assertThat(PodStatusPatch.turns(Statuses.running(), Statuses.pending())).isTrue();
    assertThat(PodStatusPatch.turns(Statuses.pending(), failed)).isTrue();
    assertThat(PodStatusPatch.turns(failed, failed)).isFalse();
    assertThat(PodStatusPatch.turns(null, Statuses.pending())).isFalse();
  }
}
