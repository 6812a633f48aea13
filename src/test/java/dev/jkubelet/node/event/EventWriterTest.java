package dev.jkubelet.node.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jkubelet.node.FakeApi;
import dev.jkubelet.node.TestTime;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventWriterTest {
  private static final String CREATE = "create event";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FakeApi api = new FakeApi();
  private ActorTestKit kit;
  private TestTime time;
  private EventRecorder recorder;

  @BeforeEach
  void start() {
    kit = ActorTestKit.create(ManualTime.config());
    time = new TestTime(kit);
    recorder = new EventRecorder("node-1", time);
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void anEventOfAContainerIsAsTheKubeletMakesIt() throws Exception {
    spawn();
    recorder.record(pod(), "main", "Normal", "Started", "Started container main");
    assertThat(JSON.readTree(JSON.writeValueAsBytes(api.expect(CREATE).body())))
        .isEqualTo(
            JSON.readTree(
                """
                {"apiVersion":"v1","kind":"Event",
                 "metadata":{"name":"web.NANOS","namespace":"demo"},
                 "involvedObject":{"kind":"Pod","apiVersion":"v1","namespace":"demo","name":"web",
                   "uid":"u-1","resourceVersion":"7","fieldPath":"spec.containers{main}"},
                 "type":"Normal","reason":"Started","message":"Started container main",
                 "source":{"component":"kubelet","host":"node-1"},
                 "firstTimestamp":"2026-11-23T12:00:00Z","lastTimestamp":"2026-11-23T12:00:00Z",
                 "count":1}"""
                    .replace("NANOS", hexNow())));
  }

  @Test
  void initContainersPodsClaimsAndTheNodeAreTheirOwnObjects() throws Exception {
    spawn();
    recorder.record(pod(), "prepare", "Normal", "Created", "m");
    recorder.record(pod(), "", "Warning", "FailedMount", "m");
    recorder.record(claim(), "Normal", "FileSystemResizeSuccessful", "m");
    recorder.record("Normal", "NodeReady", "m");
    var first = answer();
    assertThat(first.getInvolvedObject().getFieldPath()).isEqualTo("spec.initContainers{prepare}");
    assertThat(answer().getInvolvedObject().getFieldPath()).isNull();
    assertThat(answer().getInvolvedObject())
        .isEqualTo(
            new ObjectReferenceBuilder()
                .withApiVersion("v1")
                .withKind("PersistentVolumeClaim")
                .withNamespace("demo")
                .withName("data")
                .withUid("u-2")
                .build());
    var node = answer();
    assertThat(node.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(node.getInvolvedObject().getKind()).isEqualTo("Node");
    assertThat(node.getInvolvedObject().getUid()).isEqualTo("node-1");
    assertThat(node.getInvolvedObject().getNamespace()).isNull();
  }

  @Test
  void whatWasRecordedBeforeItStartedIsWrittenToo() throws Exception {
    recorder.record("Normal", "Starting", "Starting kubelet.");
    spawn();
    assertThat(answer().getReason()).isEqualTo("Starting");
  }

  @Test
  void theSameAgainIsPatchedOrMadeAnewWhenItIsGone() throws Exception {
    spawn();
    recorder.record(pod(), "main", "Warning", "BackOff", "m");
    var name = answer().getMetadata().getName();
    recorder.record(pod(), "main", "Warning", "BackOff", "m");
    var patch = api.expect("patch event demo/" + name);
    assertThat(patch.body().toString()).startsWith("{\"count\":2,");
    patch.fail(404, "NotFound");
    assertThat(((Event) api.expect(CREATE).body()).getCount()).isEqualTo(2);
  }

  @Test
  void triesTwelveTimesWhileTheServerIsAwayAndHoldsTheRest() throws Exception {
    spawn();
    recorder.record("Normal", "A", "m");
    recorder.record("Normal", "B", "m");
    api.expect(CREATE).fail(0, "");
    settle();
    time.pass(EventWriter.BETWEEN_TRIES.dividedBy(2));
    for (int i = 0; i < 10; i++) {
      api.expect(CREATE).fail(503, "ServiceUnavailable");
      settle();
      time.pass(EventWriter.BETWEEN_TRIES.minusMillis(1));
      api.expectNone();
      time.pass(Duration.ofMillis(1));
    }
    var last = api.expect(CREATE);
    assertThat(((Event) last.body()).getReason()).isEqualTo("A");
    last.fail(0, "");
    assertThat(((Event) api.expect(CREATE).body()).getReason()).isEqualTo("B");
  }

  @Test
  void whatTheServerRefusesIsNotSentAgain() throws Exception {
    spawn();
    recorder.record("Normal", "A", "m");
    recorder.record("Normal", "B", "m");
    api.expect(CREATE).fail(403, "Forbidden");
    assertThat(((Event) api.expect(CREATE).body()).getReason()).isEqualTo("B");
  }

  @Test
  void aThousandWaitAndTheRestIsLost() {
    for (int i = 0; i < 1001; i++) {
      recorder.record("Normal", "R" + i, "m");
    }
    for (int i = 0; i < 1000; i++) {
      assertThat(recorder.next()).isPresent();
    }
    assertThat(recorder.next()).isEmpty();
  }

  private void spawn() {
    kit.spawn(EventWriter.create(recorder, api.events(), time, () -> 0.5));
  }

  private Event answer() throws InterruptedException {
    var call = api.expect(CREATE);
    call.succeed(call.body());
    return (Event) call.body();
  }

  /** Until the actor has dealt with what it was answered. */
  private void settle() throws InterruptedException {
    api.expectNone();
  }

  private String hexNow() {
    return Long.toHexString(time.instant().toEpochMilli() * 1_000_000);
  }

  private static PersistentVolumeClaim claim() {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withNamespace("demo")
        .withName("data")
        .withUid("u-2")
        .endMetadata()
        .build();
  }

  private static Pod pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("demo")
        .withName("web")
        .withUid("u-1")
        .withResourceVersion("7")
        .endMetadata()
        .withNewSpec()
        .addNewInitContainer()
        .withName("prepare")
        .endInitContainer()
        .addNewContainer()
        .withName("main")
        .endContainer()
        .endSpec()
        .build();
  }
}
