package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "0,0s",
    "-0,0s",
    "1h,1h0m0s",
    "90s,1m30s",
    "1.5m,1m30s",
    ".5s,500ms",
    "1.s,1s",
    "-1m,-1m0s",
    "+1ms,1ms",
    "1500us,1.5ms",
    "1500ns,1.5\u00b5s",
    "1\u00b5s,1\u00b5s",
    "3ns,3ns",
    "1h2m3.5s,1h2m3.5s",
    "2562047h47m16.854775807s,2562047h47m16.854775807s",
  })
  void readsAndWritesAsGoDoes(String text, String written) {
    assertThat(GoDuration.parse(text).map(GoDuration::format)).contains(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "1",
        "-",
        "1d",
        "1 s",
        "1s ",
        "1S",
        "1..s",
        ".s",
        "2562048h",
        "1m-1s",
        "1e3s"
      })
  void refusesWhatGoRefuses(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @Property
  void readsWhatItWrites(@ForAll @LongRange(min = -Long.MAX_VALUE) long nanos) {
    var duration = Duration.ofNanos(nanos);
    assertThat(GoDuration.parse(GoDuration.format(duration))).contains(duration);
  }

  @Property
  void answersForAnyText(@ForAll String text) {
    assertThat(GoDuration.parse(text + "s").isPresent() || !text.matches("[0-9]{1,9}")).isTrue();
  }
}
