package dev.jkubelet.node.pressure;

import dev.jkubelet.node.TestTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PressureObserverTest {
  private static final NodePressures MEMORY = new NodePressures(true, false, false);

  private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
  private final TestTime time = new TestTime(kit);
  private volatile CompletionStage<Map<Signal, Level>> measured = memory(1000);

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void tellsWhenTheNodeBecomesShortOfSomethingAndWhenItHasBeenWellForAWhile() {
    var told = kit.<NodePressures>createTestProbe();
    var looked = kit.<String>createTestProbe();
    var levels = kit.<Map<Signal, Level>>createTestProbe();
    kit.spawn(
        PressureObserver.create(
            new PressureObserver.Settings(
                Map.of(Signal.MEMORY_AVAILABLE, new Threshold("50")),
                Map.of(Signal.MEMORY_AVAILABLE, new Threshold("100")),
                Duration.ofSeconds(25)),
            () -> {
              looked.getRef().tell("");
              return measured;
            },
            time,
            told.getRef()::tell,
            levels.getRef()::tell));
    looked.receiveMessage();
    levels.expectMessage(Map.of(Signal.MEMORY_AVAILABLE, new Level(1000, 2000)));
    told.expectNoMessage(Duration.ZERO);

    measured = memory(99);
    time.pass(PressureObserver.EVERY);
    told.expectMessage(MEMORY);

    measured = CompletableFuture.failedStage(new IllegalStateException("no answer"));
    time.pass(PressureObserver.EVERY);
    measured = memory(1000);
    time.pass(PressureObserver.EVERY);
    told.expectNoMessage(Duration.ZERO);
    time.pass(PressureObserver.EVERY);
    told.expectMessage(NodePressures.NONE);
  }

  private static CompletionStage<Map<Signal, Level>> memory(long available) {
    return CompletableFuture.completedStage(
        Map.of(Signal.MEMORY_AVAILABLE, new Level(available, 2000)));
  }
}
