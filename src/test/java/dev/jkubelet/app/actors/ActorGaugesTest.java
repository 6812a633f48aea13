package dev.jkubelet.app.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.MetricsFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActorGaugesTest {
  private final ActorTestKit kit = ActorTestKit.create();
  private final CountDownLatch busy = new CountDownLatch(1);
  private final BlockingCalls calls = new BlockingCalls(1);
  private final KubeletMetrics metrics = new KubeletMetrics("node1");

  @AfterEach
  void endTheSystem() {
    busy.countDown();
    kit.shutdownTestKit();
  }

  @Test
  void tellHowManyActorsThereAreAndWhatWaitsForThem() {
    metrics.also(ActorGauges.of(kit.system().classicSystem(), calls));
    kit.spawn(waiting());
    var hung = kit.spawn(waiting());
    for (int i = 0; i < 4; i++) {
      hung.tell("more");
    }

    eventually("jkubelet_actor_mailbox_messages{actor=\"anonymous\"} 3\n");
    assertThat(text())
        .containsPattern("jkubelet_actors\\{actor=\"[a-z-]+\"} [1-9]")
        .containsPattern("jkubelet_dispatcher_threads\\{dispatcher=\"default-dispatcher\"} [1-9]")
        .contains("jkubelet_dispatcher_queued_tasks{dispatcher=\"internal-dispatcher\"}");
  }

  @Test
  void tellWhichCallsWait() {
    metrics.also(ActorGauges.of(kit.system().classicSystem(), calls));
    for (int i = 0; i < 3; i++) {
      var _ =
          calls.call(
              "held",
              Duration.ofMinutes(1),
              () -> {
                busy.await();
                return "done";
              });
    }

    eventually("jkubelet_blocking_calls{state=\"running\"} 1\n");
    eventually("jkubelet_blocking_calls{state=\"waiting\"} 2\n");
  }

  /** Takes a message, and then nothing else. */
  private Behavior<String> waiting() {
    return Behaviors.receiveMessage(
        _ -> {
          busy.await();
          return Behaviors.same();
        });
  }

  private void eventually(String line) {
    kit.createTestProbe()
        .awaitAssert(
            Duration.ofSeconds(30),
            () -> {
              assertThat(text()).contains(line);
              return null;
            });
  }

  private String text() {
    return new String(metrics.render(MetricsFormat.TEXT), StandardCharsets.UTF_8);
  }
}
