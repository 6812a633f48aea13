package dev.jkubelet.runtime.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTimeTest {
  private final byte[] canonical = new byte[EntryTime.LENGTH];

  @ParameterizedTest
  @CsvSource({
    "2026-11-23T12:45:25.808029342Z, 2026-11-23T12:45:25.808029342Z",
    "2026-11-23T12:45:25.80802Z, 2026-11-23T12:45:25.808020000Z",
    "2026-11-23T12:45:25.8Z, 2026-11-23T12:45:25.800000000Z",
    "2026-11-23T12:45:25Z, 2026-11-23T12:45:25.000000000Z",
  })
  void fillsTheFractionUpToNineDigits(String time, String expected) {
    assertThat(read(time)).isTrue();
    assertThat(new String(canonical, US_ASCII)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-11-23T12:45:25",
        "2026-11-23T12:45:25.Z",
        "2026-11-23T12:45:25.1234567890Z",
        "2026-11-23T12:45:25+01:00",
        "2026-11-23 12:45:25Z",
        "2026-1-23T12:45:25.0Z",
        "2026-11-23T12:45:25.12x4Z",
        "2026-11-23T12:45:25x1Z",
      })
  void refusesWhatDockerDoesNotWrite(String time) {
    assertThat(read(time)).isFalse();
  }

  @Property
  void sortsAsTimeDoes(
      @ForAll @LongRange(min = -62_000_000_000L, max = 253_000_000_000L) long seconds,
      @ForAll @LongRange(min = -2_000_000_000L, max = 2_000_000_000L) long nanos) {
    var one = Instant.ofEpochSecond(seconds);
    var other = one.plusNanos(nanos);

    assertThat(Integer.signum(Arrays.compareUnsigned(EntryTime.of(one), EntryTime.of(other))))
        .isEqualTo(Integer.signum(one.compareTo(other)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z"})
  void keepsTimesOfOtherAgesComparable(String time) {
    assertThat(EntryTime.of(Instant.parse(time))).hasSize(EntryTime.LENGTH);
  }

  private boolean read(String time) {
    var bytes = ("__" + time).getBytes(US_ASCII);
    return EntryTime.canonical(bytes, 2, bytes.length, canonical);
  }
}
