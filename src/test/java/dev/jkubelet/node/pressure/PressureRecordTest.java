package dev.jkubelet.node.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PressureRecordTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration TRANSITION = Duration.ofMinutes(5);

  @ParameterizedTest
  @CsvSource({
    "memory.available, 100Mi, 104857599, 8000000000, MEMORY",
    "memory.available, 100Mi, 104857600, 8000000000, ''",
    "memory.available, 5%, 49, 1000, MEMORY",
    "memory.available, 0%, 0, 1000, ''",
    "nodefs.available, 10%, 99, 1000, DISK",
    "nodefs.available, 10%, 100, 1000, ''",
    "nodefs.inodesFree, 5%, 49, 1000, DISK",
    "nodefs.inodesFree, 5%, 0, 0, ''",
    "imagefs.available, 15%, 149, 1000, DISK",
    "imagefs.inodesFree, 1, 0, 1000, DISK",
    "pid.available, 100, 99, 32768, PID",
  })
  void lessThanTheThresholdIsPressure(
      String name, String threshold, long available, long capacity, String pressure) {
    var signal = Signal.named(name).orElseThrow();
    var told =
        PressureRecord.EMPTY
            .seen(
                Map.of(signal, new Threshold(threshold)),
                Map.of(signal, new Level(available, capacity)),
                NOON)
            .told(NOON, TRANSITION);
    assertThat(told)
        .isEqualTo(
            new NodePressures(
                pressure.equals("MEMORY"), pressure.equals("DISK"), pressure.equals("PID")));
  }

  @Test
  void pressureIsToldForAWhileAfterItWasLastSeen() {
    var seen = memory(PressureRecord.EMPTY, 1, NOON);
    var later = memory(seen, 1000, NOON.plusSeconds(10));
    assertThat(later.told(NOON.plusSeconds(299), TRANSITION).memory()).isTrue();
    assertThat(later.told(NOON.plusSeconds(300), TRANSITION).memory()).isFalse();
    assertThat(later.told(NOON.plusSeconds(10), Duration.ZERO).memory()).isFalse();
    assertThat(seen.told(NOON, Duration.ZERO).memory()).isTrue();
  }

  @Test
  void whatIsNotMeasuredIsNotJudged() {
    var seen = memory(PressureRecord.EMPTY, 1, NOON);
    var thresholds = Map.of(Signal.MEMORY_AVAILABLE, new Threshold("100"));
    assertThat(seen.seen(thresholds, Map.of(), NOON.plusSeconds(10))).isEqualTo(seen);
  }

  private static PressureRecord memory(PressureRecord before, long available, Instant now) {
    return before.seen(
        Map.of(Signal.MEMORY_AVAILABLE, new Threshold("100")),
        Map.of(Signal.MEMORY_AVAILABLE, new Level(available, 2000)),
        now);
  }
}
