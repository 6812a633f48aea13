package dev.jkubelet.node.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.jkubelet.node.FakeApi;
import dev.jkubelet.node.TestTime;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeLeaseTest {
  private static final String GET = "get lease " + Nodes.NAME;
  private static final String CREATE = "create lease " + Nodes.NAME;
  private static final String REPLACE = "replace lease " + Nodes.NAME;
  private static final String GET_NODE = "get node " + Nodes.NAME;
  private static final Duration QUARTER = Duration.ofSeconds(10);

  private final FakeApi api = new FakeApi();
  private ActorTestKit kit;
  private TestTime time;

  @BeforeEach
  void start() {
    kit = ActorTestKit.create(ManualTime.config());
    time = new TestTime(kit);
    kit.spawn(
        NodeLease.create(Nodes.NAME, Duration.ofSeconds(40), api.leases(), api.nodes(), time));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void isMadeOnceTheNodeExistsAsTheKubeletMakesIt() throws Exception {
    api.expect(GET).fail(404, "NotFound");
    api.expect(GET_NODE).fail(404, "NotFound");
    settle();
    time.pass(Duration.ofMillis(200));
    api.expect(GET).fail(404, "NotFound");
    api.expect(GET_NODE).succeed(node());
    var lease = (Lease) api.expect(CREATE).body();
    try (var in = NodeLeaseTest.class.getResourceAsStream("reference-lease.yaml")) {
      var golden = new YAMLMapper().registerModule(new JavaTimeModule()).readValue(in, Lease.class);
      assertThat(lease.getSpec().getHolderIdentity())
          .isEqualTo(golden.getSpec().getHolderIdentity());
      assertThat(lease.getSpec().getLeaseDurationSeconds())
          .isEqualTo(golden.getSpec().getLeaseDurationSeconds());
      assertThat(lease.getMetadata().getNamespace()).isEqualTo("kube-node-lease");
      assertThat(lease.getMetadata().getOwnerReferences())
          .isEqualTo(golden.getMetadata().getOwnerReferences());
    }
    assertThat(lease.getSpec().getRenewTime().toInstant()).isEqualTo(time.instant());
  }

  @Test
  void isRenewedFourTimesPerDurationWithoutBeingRead() throws Exception {
    hold();
    for (int i = 0; i < 3; i++) {
      time.pass(QUARTER);
      var call = api.expect(REPLACE);
      assertThat(((Lease) call.body()).getSpec().getRenewTime().toInstant())
          .isEqualTo(time.instant());
      call.succeed(call.body());
      settle();
    }
  }

  @Test
  void aConflictIsReadAndRenewed() throws Exception {
    hold();
    time.pass(QUARTER);
    api.expect(REPLACE).fail(409, "Conflict");
    api.expect(GET).succeed(lease("7"));
    var call = api.expect(REPLACE);
    assertThat(((Lease) call.body()).getMetadata().getResourceVersion()).isEqualTo("7");
  }

  @Test
  void afterFiveFailuresItBeginsAnewWithBackoffUntilTheServerIsBack() throws Exception {
    hold();
    time.pass(QUARTER);
    for (int i = 0; i < 5; i++) {
      api.expect(REPLACE).fail(0, "");
    }
    for (var wait : new int[] {200, 400, 800}) {
      api.expect(GET).fail(0, "");
      settle();
      time.pass(Duration.ofMillis(wait));
    }
    api.expect(GET).succeed(lease("8"));
    api.expect(REPLACE).succeed(lease("9"));
    api.expectNone();
  }

  @Test
  void whatCannotBeWrittenIsNotTriedForever() throws Exception {
    api.expect(GET).succeed(lease("1"));
    for (int i = 0; i < 5; i++) {
      api.expect(REPLACE).fail(403, "Forbidden");
    }
    api.expectNone();
    time.pass(QUARTER);
    api.expect(REPLACE);
  }

  @Test
  void oneWithoutAnOwnerIsGivenItsOwner() throws Exception {
    api.expect(GET)
        .succeed(
            new LeaseBuilder(lease("1"))
                .editMetadata()
                .withOwnerReferences()
                .endMetadata()
                .build());
    api.expect(GET_NODE).succeed(node());
    var call = api.expect(REPLACE);
    assertThat(((Lease) call.body()).getMetadata().getOwnerReferences()).hasSize(1);
  }

  private void hold() throws InterruptedException {
    api.expect(GET).succeed(lease("1"));
    api.expect(REPLACE).succeed(lease("2"));
    settle();
  }

  private void settle() throws InterruptedException {
    api.expectNone();
  }

  private static Lease lease(String version) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(Nodes.NAME)
        .withResourceVersion(version)
        .addNewOwnerReference()
        .withKind("Node")
        .endOwnerReference()
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  private static Node node() {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(Nodes.NAME)
        .withUid("4b62194d-256c-45f7-9e4b-712469f5ec11")
        .endMetadata()
        .build();
  }
}
