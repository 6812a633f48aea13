package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.BlockingCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatsStreamTest {
  private static final long PATIENCE_SECONDS = 30;

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(kit.system());
  private final AtomicLong passes = new AtomicLong();
  private final BlockingQueue<NodeSnapshot> taken = new ArrayBlockingQueue<>(1000);

  @AfterEach
  void endTheSystem() {
    kit.shutdownTestKit();
  }

  private NodeSnapshot pass() {
    long number = passes.incrementAndGet();
    if (number == 2) {
      throw new IllegalStateException("the disk is on fire");
    }
    var snapshot =
        new NodeSnapshot(
            Instant.ofEpochSecond(number),
            new TreeMap<>(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            new NodeSnapshot.Processes(0, 0));
    taken.add(snapshot);
    return snapshot;
  }

  private void awaitPass(long number) throws InterruptedException {
    while (passes.get() < number) {
      time.timePasses(Duration.ofSeconds(1));
      var _ = taken.poll(20, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void goesOnAfterAPassThatFailedAndDoesNotWaitForASlowSubscriber() throws InterruptedException {
    var stats =
        StatsStream.start(
            kit.system(), this::pass, new BlockingCalls(2), new KubeletMetrics("node1"));
    var never = stats.snapshots().runWith(Sink.queue(), kit.system());
    var seen = new ArrayBlockingQueue<Instant>(1000);
    var _ = stats.snapshots().runForeach(snapshot -> seen.add(snapshot.time()), kit.system());

    awaitPass(20);

    var last = Instant.EPOCH;
    while (last.getEpochSecond() < 15) {
      var next = seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("a snapshot after " + last).isNotNull().isAfterOrEqualTo(last);
      last = next;
    }
    assertThat(stats.latest().time()).isAfterOrEqualTo(last);
    assertThat(never).isNotNull();
  }
}
