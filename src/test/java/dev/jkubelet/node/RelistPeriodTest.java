package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.FakeRuntime;
import dev.jkubelet.stats.KubeletMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How often the engine is asked for its containers, which the sync frequency bounds. */
class RelistPeriodTest {
  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final TestProbe<NodeActor.Command> node = kit.createTestProbe();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void relistsAsOftenAsPodsAreSynced() {
    assertThatListsComeEvery(Duration.ofSeconds(2), Duration.ofSeconds(2));
  }

  @Test
  void relistsEveryTenSecondsAtLeast() {
    assertThatListsComeEvery(Duration.ofSeconds(10), Duration.ofMinutes(1));
  }

  @Test
  void relistsEverySecondAtMost() {
    assertThatListsComeEvery(Duration.ofSeconds(1), Duration.ofMillis(1));
  }

  private void assertThatListsComeEvery(Duration period, Duration syncFrequency) {
    kit.spawn(
        RuntimeEvents.create(
            new FakeRuntime(Clock.systemUTC()),
            new KubeletMetrics("node"),
            Clock.systemUTC(),
            syncFrequency,
            _ -> Optional.empty(),
            node.getRef(),
            _ -> {}));
    awaitList();
    for (var nth : Stream.of(1, 2).toList()) {
      time.timePasses(period.minusMillis(1));
      node.expectNoMessage(Duration.ofMillis(50));
      time.timePasses(Duration.ofMillis(1));
      assertThat(awaitList()).as("list %d", nth).isNotNull();
    }
  }

  /** Health comes before its list. */
  private NodeActor.EngineListed awaitList() {
    node.expectMessageClass(NodeActor.EngineHealth.class);
    return node.expectMessageClass(NodeActor.EngineListed.class);
  }
}
