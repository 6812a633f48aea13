package dev.jkubelet.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "PT-1S, 0s",
    "PT0S, 0s",
    "PT0.35S, 350ms",
    "PT1.2S, 1.2s",
    "PT10S, 10s",
    "PT1M, 1m0s",
    "PT1H0M0.5S, 1h0m0.5s",
  })
  void printsAsGoDoes(Duration duration, String text) {
    assertThat(GoDuration.format(duration)).isEqualTo(text);
  }
}
