package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HousekeepingTest {
  @ParameterizedTest
  @CsvSource({
    "1, true, 1",
    "15, true, 1",
    "1, false, 2",
    "4, false, 8",
    "8, false, 15",
    "15, false, 15"
  })
  void waitsLongerForWhatDoesNothing(long last, boolean changed, long next) {
    assertThat(Housekeeping.next(Duration.ofSeconds(last), changed))
        .isEqualTo(Duration.ofSeconds(next));
  }
}
