package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogRequestTest {
  private static final Instant NOW = Instant.parse("2026-11-23T13:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tailLines=abc",
        "tailLines=",
        "tailLines=9223372036854775808",
        "limitBytes=1.5",
        "sinceSeconds=x",
        "sinceTime=yesterday",
        "sinceTime=2026-01-01",
        "tail=x"
      })
  void doesNotDecodeWhatIsNoNumberOrTime(String query) {
    assertThat(parse(query)).isInstanceOf(LogRequest.Parsed.Undecodable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tailLines=-3",
        "limitBytes=0",
        "limitBytes=-1",
        "sinceSeconds=0",
        "sinceSeconds=2&sinceTime=2026-01-01T00:00:00Z"
      })
  void refusesWhatIsOutOfRange(String query) {
    assertThat(parse(query)).isInstanceOf(LogRequest.Parsed.Invalid.class);
  }

  @Test
  void takesAnythingButZeroAndFalseForTrue() {
    assertThat(valid("follow=maybe").follow()).isTrue();
    assertThat(valid("follow=").follow()).isTrue();
    assertThat(valid("follow").follow()).isTrue();
    assertThat(valid("follow=0").follow()).isFalse();
    assertThat(valid("follow=False").follow()).isFalse();
    assertThat(valid("").follow()).isFalse();
  }

  @Test
  void countsSecondsBackFromNow() {
    assertThat(valid("sinceSeconds=60").since()).hasValue(NOW.minusSeconds(60));
    assertThat(valid("sinceSeconds=9223372036854775807").since()).isEmpty();
  }

  @Test
  void readsTimesOfAnyZone() {
    assertThat(valid("sinceTime=2026-11-23T14:00:00.5%2B02:00").since())
        .hasValue(Instant.parse("2026-11-23T12:00:00.5Z"));
    assertThat(valid("sinceTime=").since()).isEmpty();
    assertThat(valid("sinceTime=null").since()).isEmpty();
  }

  @Test
  void knowsTheOldNameOfTailLines() {
    assertThat(valid("tail=7&tailLines=3").tailLines()).hasValue(7);
    assertThat(valid("tail=all&tailLines=3").tailLines()).isEmpty();
    assertThat(valid("tailLines=0").tailLines()).hasValue(0);
  }

  private static LogRequest valid(String query) {
    return ((LogRequest.Parsed.Valid) parse(query)).request();
  }

  private static LogRequest.Parsed parse(String query) {
    return LogRequest.parse(Query.parse(query), InstantSource.fixed(NOW));
  }
}
