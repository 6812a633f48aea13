package dev.jkubelet.node.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.FakeApi;
import dev.jkubelet.node.TestTime;
import dev.jkubelet.node.event.NodeEvents;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeReporterTest {
  private static final String CREATE = "create node " + Nodes.NAME;
  private static final String GET = "get node " + Nodes.NAME;
  private static final String PATCH = "patch node " + Nodes.NAME;
  private static final String PATCH_STATUS = "patch status of node " + Nodes.NAME;
  private static final Duration ROUND = Duration.ofSeconds(10);

  private final FakeApi api = new FakeApi();
  private ActorTestKit kit;
  private TestTime time;
  private TestProbe<String> told;

  @BeforeEach
  void start() {
    kit = ActorTestKit.create(ManualTime.config());
    time = new TestTime(kit);
    told = kit.createTestProbe();
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void registersAgainAndAgainWithBackoffWhileTheServerIsAway() throws Exception {
    spawn(Nodes.settings());
    for (var wait : List.of(200, 400, 800, 1600, 3200, 6400, 7000, 7000)) {
      api.expect(CREATE).fail(0, "");
      settle();
      time.pass(Duration.ofMillis(wait - 1));
      api.expectNone();
      time.pass(Duration.ofMillis(1));
    }
    var call = api.expect(CREATE);
    var node = (Node) call.body();
    assertThat(node.getMetadata().getLabels()).containsEntry("kubernetes.io/os", "linux");
    assertThat(node.getStatus().getConditions().getLast().getMessage())
        .isEqualTo("container runtime status check may not have completed yet");
    call.succeed(node);
    told.expectMessage("Normal Starting Starting kubelet.");
    told.expectMessage(
        "Normal NodeHasSufficientMemory Node reference-node status is now:"
            + " NodeHasSufficientMemory");
  }

  @Test
  void reportsReadyAsSoonAsTheEngineAnswersAndNotReadyAsSoonAsItDoesNot() throws Exception {
    var reporter = spawn(Nodes.settings());
    var node = register();
    reporter.tell(new NodeReporter.EngineHealth(Optional.of("has not answered yet")));
    api.expectNone();
    reporter.tell(new NodeReporter.EngineHealth(Optional.empty()));
    api.expect(GET).succeed(node);
    var patch = api.expect(PATCH_STATUS);
    assertThat(patch.body().toString()).contains("KubeletReady", "posting ready status");
    var ready = ready(node);
    patch.succeed(ready);
    told.fishForMessage(
        Duration.ofSeconds(3),
        event ->
            event.contains("NodeReady")
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
    reporter.tell(new NodeReporter.EngineHealth(Optional.of("gone")));
    api.expect(GET).succeed(ready);
    assertThat(api.expect(PATCH_STATUS).body().toString())
        .contains("KubeletNotReady", "container runtime is down");
  }

  @Test
  void looksEveryRoundAndWritesWhatDidNotChangeEveryFiveMinutesOnly() throws Exception {
    var reporter = spawn(Nodes.settings());
    var node = register();
    reporter.tell(new NodeReporter.EngineHealth(Optional.empty()));
    api.expect(GET).succeed(node);
    api.expect(PATCH_STATUS).succeed(ready(node));
    var ready = ready(node);
    settle();
    for (int round = 1; round < 30; round++) {
      time.pass(ROUND);
      api.expect(GET).succeed(ready);
      settle();
    }
    api.expectNone();
    time.pass(ROUND);
    api.expect(GET).succeed(ready);
    assertThat(api.expect(PATCH_STATUS).body().toString())
        .contains("lastHeartbeatTime")
        .doesNotContain("lastTransitionTime");
  }

  @Test
  void triesFiveTimesARoundAndThenWaitsForTheNext() throws Exception {
    var reporter = spawn(Nodes.settings());
    register();
    reporter.tell(new NodeReporter.EngineHealth(Optional.empty()));
    for (int i = 0; i < 5; i++) {
      api.expect(GET).fail(0, "");
    }
    api.expectNone();
    time.pass(ROUND);
    api.expect(GET).fail(503, "ServiceUnavailable");
    api.expect(GET);
  }

  @Test
  void leavesTheServerAloneForAsLongAsItWants() throws Exception {
    var reporter = spawn(Nodes.settings());
    register();
    reporter.tell(new NodeReporter.EngineHealth(Optional.empty()));
    api.expect(GET).fail(429, "TooManyRequests", Duration.ofSeconds(25));
    settle();
    reporter.tell(new NodeReporter.EngineHealth(Optional.of("gone")));
    time.pass(Duration.ofSeconds(24));
    api.expectNone();
    time.pass(Duration.ofSeconds(1));
    api.expect(GET);
  }

  @Test
  void reconcilesAnExistingNodeAndKeepsWhatIsOthers() throws Exception {
    var reporter = spawn(Nodes.settings());
    api.expect(CREATE).fail(409, "AlreadyExists");
    var existing =
        new NodeBuilder()
            .withNewMetadata()
            .withName(Nodes.NAME)
            .addToLabels("kubernetes.io/hostname", "wrong")
            .addToLabels("team", "blue")
            .addToAnnotations("note", "kept")
            .endMetadata()
            .build();
    api.expect(GET).succeed(existing);
    var patch = api.expect(PATCH);
    assertThat(patch.body().toString())
        .contains("\"kubernetes.io/hostname\":\"reference-node\"", "controller-managed")
        .doesNotContain("team", "note", "taints");
    patch.succeed(existing);
    settle();
    reporter.tell(new NodeReporter.EngineHealth(Optional.empty()));
    api.expect(GET).succeed(existing);
    assertThat(api.expect(PATCH_STATUS).body().toString()).contains("KubeletReady");
  }

  @Test
  void neverRegistersWhenOthersDoButReportsOnceItIsThere() throws Exception {
    var reporter = spawn(Nodes.settings(false));
    reporter.tell(new NodeReporter.EngineHealth(Optional.empty()));
    for (int i = 0; i < 5; i++) {
      api.expect(GET).fail(404, "NotFound");
    }
    time.pass(ROUND);
    api.expect(GET)
        .succeed(new NodeBuilder().withNewMetadata().withName(Nodes.NAME).endMetadata().build());
    api.expect(PATCH_STATUS);
  }

  @Test
  void doesNotSayThatItIsNotReadyBeforeItHasHeardOfTheEngine() throws Exception {
    spawn(Nodes.settings());
    api.expect(CREATE).fail(409, "AlreadyExists");
    api.expect(GET).succeed(NodeObject.initial(Nodes.settings(), new NodeStatus()));
    api.expectNone();
  }

  @Test
  void tellsOfAnotherBootAndOfBeingClosed() throws Exception {
    var reporter = spawn(Nodes.settings());
    api.expect(CREATE).fail(409, "AlreadyExists");
    var existing =
        new NodeBuilder(NodeObject.initial(Nodes.settings(), new NodeStatus()))
            .editSpec()
            .withUnschedulable(true)
            .endSpec()
            .withNewStatus()
            .withNewNodeInfo()
            .withBootID("another")
            .endNodeInfo()
            .endStatus()
            .build();
    api.expect(GET).succeed(existing);
    told.expectMessage("Normal Starting Starting kubelet.");
    told.expectMessage(
        "Normal NodeNotSchedulable Node reference-node status is now: NodeNotSchedulable");
    reporter.tell(new NodeReporter.EngineHealth(Optional.empty()));
    api.expect(GET).succeed(existing);
    api.expect(PATCH_STATUS)
        .succeed(new NodeBuilder(existing).withStatus(ready(existing).getStatus()).build());
    for (int i = 0; i < 3; i++) {
      told.receiveMessage();
    }
    told.expectMessage(
        "Warning NodeRebooted Node reference-node has been rebooted, boot id:"
            + " bce85687-3c8e-4f3c-b94e-fad8c572bb98");
  }

  /** Until the actor has dealt with what it was answered. */
  private void settle() throws InterruptedException {
    api.expectNone();
  }

  private Node register() throws InterruptedException {
    var call = api.expect(CREATE);
    call.succeed(call.body());
    return (Node) call.body();
  }

  private Node ready(Node node) {
    return new NodeBuilder(node)
        .withStatus(
            NodeStatuses.of(
                    Nodes.settings(), Nodes.facts(), node.getStatus(), Nodes.well(), time.instant())
                .status())
        .build();
  }

  private ActorRef<NodeReporter.Command> spawn(NodeSettings settings) {
    NodeEvents events =
        (type, reason, message) -> told.getRef().tell(type + " " + reason + " " + message);
    return kit.spawn(
        NodeReporter.create(
            settings,
            api.nodes(),
            () -> CompletableFuture.completedStage(Nodes.facts()),
            events,
            time,
            NodeReporter.Inputs.NONE));
  }
}
