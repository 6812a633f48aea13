package dev.jkubelet.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.cluster.Follower;
import dev.jkubelet.cluster.RemoteApiServer;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.node.event.EventRecorder;
import dev.jkubelet.node.event.EventWriter;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import dev.jkubelet.node.registration.NodeFacts;
import dev.jkubelet.node.registration.NodeLease;
import dev.jkubelet.node.registration.NodeReporter;
import dev.jkubelet.node.registration.NodeSettings;
import dev.jkubelet.node.status.ApiPodsFollower;
import dev.jkubelet.node.status.StatusReporter;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.stats.Machine;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The node's reports, with a node's rights, against a real control plane (bin/cluster). */
class JoinClusterTest {
  private static final String NODE = "join-test";
  private static final Clock CLOCK = Clock.systemUTC();

  private final LinkedBlockingQueue<Node> seen = new LinkedBlockingQueue<>();
  private RemoteApiServer api;
  private ActorTestKit kit;

  @BeforeEach
  void connect() throws Exception {
    for (var of : List.of("join-web", NODE)) { // an earlier run's would be counted on
      kubectl("delete", "events", "--field-selector", "involvedObject.name=" + of);
    }
    api = RemoteApiServer.connect(Path.of(run("bin/cluster", "kubeconfig", NODE).strip()), NODE);
    kit = ActorTestKit.create();
  }

  @AfterEach
  void close() throws Exception {
    if (api == null) {
      return;
    }
    kit.shutdownTestKit();
    api.close();
    kubectl("delete", "pod", "join-web", "--grace-period=0", "--force", "--ignore-not-found");
    kubectl("delete", "node", NODE, "--ignore-not-found");
  }

  @Test
  void aNodeRegistersBecomesReadyAndTellsOfItsPods() throws Exception {
    var recorder = new EventRecorder(NODE, CLOCK);
    kit.spawn(EventWriter.create(recorder, api.events(), CLOCK));
    api.nodes().follow(following());
    var reporter =
        kit.spawn(
            NodeReporter.create(
                settings(), api.nodes(), facts(), recorder, CLOCK, NodeReporter.Inputs.NONE));
    kit.spawn(NodeLease.create(NODE, Duration.ofSeconds(40), api.leases(), api.nodes(), CLOCK));
    var made = node(n -> true);
    assertThat(made.getMetadata().getLabels()).containsEntry("team", "blue");
    assertThat(made.getSpec().getTaints()).extracting("key").contains("dedicated");

    reporter.tell(new NodeReporter.EngineHealth(Optional.empty()));
    assertThat(node(n -> "True".equals(ready(n))).getStatus().getAllocatable()).containsKey("cpu");
    reporter.tell(new NodeReporter.EngineHealth(Optional.of("gone")));
    node(n -> "False".equals(ready(n)));
    reporter.tell(new NodeReporter.EngineHealth(Optional.empty()));
    node(n -> "True".equals(ready(n)));
    assertThat(lease().getMetadata().getOwnerReferences().getFirst().getUid())
        .isEqualTo(made.getMetadata().getUid());

    kubectl("run", "join-web", "--image=pause", "--overrides", overrides());
    var statuses = kit.spawn(StatusReporter.create(api.pods()));
    api.pods().follow(new ApiPodsFollower(statuses));
    var pod = api.pods().get("default", "join-web").toCompletableFuture().get(60, SECONDS);
    statuses.tell(new StatusReporter.Publish(new PodSnapshot(running(pod), Map.of())));
    var settled = kit.<StatusReporter.Settled>createTestProbe();
    statuses.tell(new StatusReporter.Settle(PodKey.of(pod).uid(), settled.getRef()));
    settled.receiveMessage(Duration.ofSeconds(60));
    var written = api.pods().get("default", "join-web").toCompletableFuture().get(60, SECONDS);
    assertThat(written.getStatus().getPhase()).isEqualTo("Running");
    assertThat(written.getStatus().getConditions()).hasSize(2);

    recorder.record(written, "join-web", "Normal", "Started", "Started container join-web");
    recorder.record(written, "join-web", "Normal", "Started", "Started container join-web");
    recorder.record("Normal", "Last", "the last one");
    assertThat(events("involvedObject.name=join-web,reason=Started")).isEqualTo("2");
    assertThat(events("involvedObject.name=" + NODE + ",reason=NodeReady")).isEqualTo("2");
  }

  /** Made at the second try if the first one found no node yet. */
  private Lease lease() throws Exception {
    var end = System.nanoTime() + SECONDS.toNanos(60);
    while (true) {
      var lease = api.leases().get(NODE).exceptionally(_ -> null).toCompletableFuture().get();
      if (lease != null) {
        return lease;
      }
      assertThat(System.nanoTime()).as("no lease for a minute").isLessThan(end);
    }
  }

  /** Of those that were written before the last one was. */
  private static String events(String selector) throws Exception {
    var end = System.nanoTime() + SECONDS.toNanos(60);
    while (count("involvedObject.name=" + NODE + ",reason=Last").isEmpty()) {
      assertThat(System.nanoTime()).as("no event for a minute").isLessThan(end);
    }
    return count(selector);
  }

  private static String count(String selector) throws Exception {
    return kubectl(
        "get", "events", "--field-selector", selector, "-o", "jsonpath={.items[*].count}");
  }

  private static String ready(Node node) {
    return node.getStatus().getConditions().getLast().getStatus();
  }

  private static String overrides() {
    return "{\"spec\":{\"nodeName\":\"" + NODE + "\"}}";
  }

  private static Pod running(Pod pod) {
    return new PodBuilder(pod)
        .editStatus()
        .withPhase("Running")
        .withConditions()
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withLastTransitionTime("2026-11-23T12:00:00Z")
        .endCondition()
        .addNewCondition()
        .withType("PodScheduled")
        .withStatus("True")
        .withLastTransitionTime("2026-11-23T12:00:00Z")
        .endCondition()
        .endStatus()
        .build();
  }

  private Node node(Predicate<Node> wanted) throws InterruptedException {
    for (Node node; (node = seen.poll(60, SECONDS)) != null; ) {
      if (wanted.test(node)) {
        return node;
      }
    }
    throw new AssertionError("the node never came to be so");
  }

  private Follower<Node> following() {
    return new Follower<>() {
      @Override
      public void listed(List<Node> all) {
        seen.addAll(all);
      }

      @Override
      public void changed(Node node) {
        seen.add(node);
      }

      @Override
      public void deleted(Node node) {}
    };
  }

  private static NodeFacts.Source facts() {
    var machine = Machine.host(CLOCK, Thread.ofVirtual()::start);
    return () ->
        CompletableFuture.completedStage(
            new NodeFacts(
                machine.info(),
                "6",
                "Debian",
                List.of("192.0.2.2"),
                1 << 30,
                "20.10.24",
                List.of(),
                Optional.empty()));
  }

  private static NodeSettings settings() {
    return new NodeSettings(
        NODE,
        "v1.20.2",
        10250,
        new NodeSettings.Registration(
            true,
            true,
            Map.of("team", "blue"),
            List.of(new TaintBuilder().withKey("dedicated").withEffect("NoSchedule").build()),
            Optional.empty(),
            true,
            false),
        new NodeSettings.Reporting(Duration.ofSeconds(10), Duration.ofMinutes(5), 50),
        new NodeSettings.Resources(
            110, 0, Map.of(), Map.of(), Map.of(Signal.MEMORY_AVAILABLE, new Threshold("100Mi"))));
  }

  private static String kubectl(String... arguments) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                variable("JKUBELET_TEST_KUBECTL"),
                "--kubeconfig",
                variable("JKUBELET_TEST_KUBECONFIG")));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private static String variable(String name) {
    var value = System.getenv(name);
    if (value == null || value.isEmpty()) {
      throw new AssertionError(
          name + " is not set: run bin/test, or bin/cluster up and eval \"$(bin/cluster env)\"");
    }
    return value;
  }

  private static String run(String... command) throws IOException, InterruptedException {
    variable("JKUBELET_TEST_CLUSTER");
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(List.of(command) + ": " + output);
    }
    return output;
  }
}
