package dev.jkubelet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryDelayTest {
  private static final RetryDelay DELAY =
      new RetryDelay(Duration.ofMillis(200), Duration.ofSeconds(7));

  @ParameterizedTest
  @CsvSource({"1,200", "2,400", "3,800", "5,3200", "6,6400", "7,7000", "100,7000"})
  void doublesUpToItsCap(int failures, long millis) {
    assertThat(DELAY.after(failures, failure(Duration.ZERO))).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void isAsLongAsTheServerWants() {
    assertThat(DELAY.after(1, failure(Duration.ofSeconds(30)))).isEqualTo(Duration.ofSeconds(30));
    assertThat(DELAY.after(7, failure(Duration.ofSeconds(1)))).isEqualTo(Duration.ofSeconds(7));
    assertThat(DELAY.after(1, failure(Duration.ofDays(1)))).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void isSpreadByHalfOfItAtMost() {
    var failure = failure(Duration.ZERO);
    assertThat(DELAY.jittered(1, failure, 0)).isEqualTo(Duration.ofMillis(200));
    assertThat(DELAY.jittered(1, failure, 1)).isEqualTo(Duration.ofMillis(300));
  }

  @Test
  void findsTheFailureWithinAStagesOwn() {
    var inner = failure(Duration.ZERO);
    assertThat(RetryDelay.ofFailure(new CompletionException(inner))).isSameAs(inner);
    assertThat(RetryDelay.ofFailure(new IOException("away")).passing()).isTrue();
  }

  private static ApiFailure failure(Duration retryAfter) {
    return new ApiFailure(429, "TooManyRequests", "later", retryAfter, null);
  }
}
