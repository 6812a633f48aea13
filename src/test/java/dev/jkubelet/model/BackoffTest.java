package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void doublesToFiveMinutesWhileAContainerEndsAtOnce() {
    var waits = new ArrayList<Long>();
    var backoff = Optional.<Backoff>empty();
    var now = T0;
    for (int i = 0; i < 8; i++) {
      var ended = now;
      var due = backoff.map(b -> b.until(ended)).orElse(ended);
      waits.add(Duration.between(ended, due).toSeconds());
      backoff = Optional.of(Backoff.next(backoff, ended, due));
      now = due;
    }

    assertThat(waits).containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
  }

  @ParameterizedTest
  @CsvSource({"600, 300, 300", "601, 0, 10"})
  void beginsAnewAfterMoreThanTenMinutesOfRunning(long ranSeconds, long wait, long nextDelay) {
    var backoff = new Backoff(Backoff.CAP, T0);
    var ended = T0.plusSeconds(ranSeconds);

    var due = backoff.until(ended);
    assertThat(Duration.between(ended, due).toSeconds()).isEqualTo(wait);
    assertThat(Backoff.next(Optional.of(backoff), ended, due).delay())
        .isEqualTo(Duration.ofSeconds(nextDelay));
  }

  @ParameterizedTest
  @CsvSource({"10, 10s", "80, 1m20s", "160, 2m40s", "300, 5m0s"})
  void saysHowLongItWaits(long seconds, String text) {
    var backoff = new Backoff(Duration.ofSeconds(seconds), T0);

    assertThat(backoff.message("boom", new PodKey("golden", "crash", "5a96")))
        .isEqualTo("back-off " + text + " restarting failed container=boom pod=crash_golden(5a96)");
  }
}
