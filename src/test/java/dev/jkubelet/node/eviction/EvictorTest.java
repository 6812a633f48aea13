package dev.jkubelet.node.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.NodeActor.TellPod;
import dev.jkubelet.node.pressure.Level;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import dev.jkubelet.pod.ContainerSnapshot;
import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.pod.PodActor;
import dev.jkubelet.pod.PodSnapshot;
import dev.jkubelet.stats.MovingClock;
import dev.jkubelet.stats.NodeSnapshot;
import dev.jkubelet.stats.NodeSnapshot.VolumeUsage;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvictorTest {
  private static final String LOW = "The node was low on resource: ";

  private final ActorTestKit kit = ActorTestKit.create();
  private final MovingClock clock = new MovingClock("2026-11-24T12:00:00Z");
  private final TestProbe<NodeActor.Command> node = kit.createTestProbe();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<String> reclaims = new CopyOnWriteArrayList<>();
  private volatile NodeSnapshot stats = NodeSnapshot.EMPTY;
  private volatile Map<Signal, Level> afterwards = Map.of();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void evictsTheFirstInTheRanking() {
    var evictor = evictor(hard(Signal.MEMORY_AVAILABLE));
    evictor.tell(memory(99));
    pods(running("vital", "{priority: 5, containers: [{name: main}]}"), running("any"));
    assertThat(node.expectMessageClass(TellPod.class))
        .isEqualTo(
            new TellPod("uid-any", new PodActor.Evict("Evicted", LOW + "memory. ", Duration.ZERO)));
    assertThat(events).containsExactly("EvictionThresholdMet: Attempting to reclaim memory");
  }

  @Test
  void leavesAllAloneWhileThereIsEnough() {
    var evictor = evictor(hard(Signal.MEMORY_AVAILABLE));
    evictor.tell(memory(100));
    pods(running("any"));
    node.expectNoMessage(Duration.ofMillis(50));
    assertThat(events).isEmpty();
  }

  @Test
  void neverEvictsWhatIsCritical() {
    var evictor = evictor(hard(Signal.MEMORY_AVAILABLE));
    evictor.tell(memory(99));
    pods(running("system", "{priority: 2000000000, containers: [{name: main}]}"));
    node.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void waitsForTheEndOfTheLastOneButNotForEver() {
    var evictor = evictor(hard(Signal.MEMORY_AVAILABLE));
    evictor.tell(memory(99));
    pods(running("first"), running("second", "{priority: 1, containers: [{name: main}]}"));
    assertThat(node.expectMessageClass(TellPod.class).uid()).isEqualTo("uid-first");

    clock.move(Duration.ofSeconds(10));
    evictor.tell(memory(99));
    pods(failed(running("first")), running("second"));
    node.expectNoMessage(Duration.ofMillis(50));

    clock.move(Duration.ofSeconds(20));
    evictor.tell(memory(99));
    pods(failed(running("first")), running("second"));
    assertThat(node.expectMessageClass(TellPod.class).uid()).isEqualTo("uid-second");
  }

  @Test
  void givesThePodTimeWhenASoftThresholdIsMetForLong() {
    var evictor =
        evictor(
            new EvictionThreshold(
                Signal.MEMORY_AVAILABLE,
                new Threshold("100"),
                Optional.of(Duration.ofSeconds(30)),
                Optional.empty()));
    evictor.tell(memory(99));
    pods(running("any"));
    node.expectNoMessage(Duration.ofMillis(50));
    clock.move(Duration.ofSeconds(30));
    evictor.tell(memory(99));
    pods(running("any"));
    assertThat(evicted().grace()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void removesWhatNobodyNeedsFromADiskBeforeItEvicts() {
    var evictor = evictor(hard(Signal.NODEFS_AVAILABLE));
    afterwards = Map.of(Signal.NODEFS_AVAILABLE, new Level(100, 1000));
    evictor.tell(disk(99));
    pods(running("any"));
    pods(running("any"));
    node.expectNoMessage(Duration.ofMillis(50));
    assertThat(reclaims).hasSize(1);

    afterwards = Map.of(Signal.NODEFS_AVAILABLE, new Level(98, 1000));
    evictor.tell(disk(99));
    pods(running("any"));
    pods(running("any"));
    assertThat(evicted().message()).isEqualTo(LOW + "ephemeral-storage. ");
    assertThat(reclaims).hasSize(2);
    assertThat(events).hasSize(2);
  }

  @Test
  void endsAPodWhoseVolumeIsLargerThanItMayBe() {
    stats =
        new NodeSnapshot(
            clock.instant(),
            new TreeMap<>(),
            Optional.empty(),
            Optional.empty(),
            Map.of(
                "uid-any",
                List.of(new VolumeUsage("cache", true, Instant.EPOCH, 0, 0, 2000, 0, 0, 1))),
            new NodeSnapshot.Processes(0, 0));
    var evictor = evictor(hard(Signal.MEMORY_AVAILABLE));
    evictor.tell(memory(1000));
    pods(
        running(
            "any",
            """
            {volumes: [{name: cache, emptyDir: {sizeLimit: 1Ki}}], containers: [{name: main}]}
            """));
    assertThat(evicted().message())
        .isEqualTo("Usage of EmptyDir volume \"cache\" exceeds the limit \"1Ki\". ");
  }

  private PodActor.Evict evicted() {
    return (PodActor.Evict) node.expectMessageClass(TellPod.class).what();
  }

  private ActorRef<Evictor.Command> evictor(EvictionThreshold threshold) {
    return kit.spawn(
        Evictor.create(
            new Evictor.Settings(List.of(threshold), Duration.ofSeconds(7)),
            new Evictor.Machine(
                () -> stats,
                () -> CompletableFuture.completedStage(afterwards),
                () -> {
                  reclaims.add("");
                  return CompletableFuture.completedStage(null);
                }),
            node.getRef(),
            (type, reason, message) -> events.add(reason + ": " + message),
            clock));
  }

  private static EvictionThreshold hard(Signal signal) {
    return new EvictionThreshold(signal, new Threshold("100"), Optional.empty(), Optional.empty());
  }

  private static Evictor.Measured memory(long available) {
    return new Evictor.Measured(Map.of(Signal.MEMORY_AVAILABLE, new Level(available, 1000)));
  }

  private static Evictor.Measured disk(long available) {
    return new Evictor.Measured(Map.of(Signal.NODEFS_AVAILABLE, new Level(available, 1000)));
  }

  private void pods(PodSnapshot... all) {
    node.expectMessageClass(NodeActor.GetPods.class).replyTo().tell(List.of(all));
  }

  private static PodSnapshot running(String name) {
    return running(name, "{containers: [{name: main}]}");
  }

  private static PodSnapshot running(String name, String spec) {
    var pod = FakeMachine.pod(name, "uid-" + name, spec);
    pod.setStatus(new PodStatusBuilder().withPhase("Running").build());
    var instance =
        new ContainerSnapshot.Instance("c", "docker://sha256:1", true, Optional.empty(), 1);
    return new PodSnapshot(
        pod,
        Map.of("main", new ContainerSnapshot("main", Optional.of(instance), Optional.empty())));
  }

  private static PodSnapshot failed(PodSnapshot snapshot) {
    snapshot.pod().setStatus(new PodStatusBuilder().withPhase("Failed").build());
    return snapshot;
  }
}
