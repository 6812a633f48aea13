package dev.jkubelet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReachabilityTest {
  private final Reachability reachability = new Reachability();

  private CompletableFuture<Void> waiting(Duration delay) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            reachability.await(delay);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void theFirstAnswerEndsAllWaiting() throws Exception {
    reachability.lost();
    var one = waiting(Duration.ofHours(1));
    var other = waiting(Duration.ofHours(1));
    reachability.lost();
    assertThat(one).isNotDone();
    reachability.found();
    one.get(10, TimeUnit.SECONDS);
    other.get(10, TimeUnit.SECONDS);
  }

  @Test
  void waitsNoLongerThanTheDelayWhileTheServerStaysAway() throws Exception {
    reachability.lost();
    waiting(Duration.ofMillis(20)).get(10, TimeUnit.SECONDS);
  }
}
