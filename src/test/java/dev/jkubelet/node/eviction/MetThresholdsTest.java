package dev.jkubelet.node.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.pressure.Level;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetThresholdsTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final EvictionThreshold HARD =
      new EvictionThreshold(
          Signal.NODEFS_AVAILABLE,
          new Threshold("10%"),
          Optional.empty(),
          Optional.of(new Threshold("50")));
  private static final EvictionThreshold SOFT =
      new EvictionThreshold(
          Signal.MEMORY_AVAILABLE,
          new Threshold("200"),
          Optional.of(Duration.ofSeconds(90)),
          Optional.empty());

  @Test
  void aHardThresholdIsDueAtOnce() {
    assertThat(disk(MetThresholds.NONE, 100, NOON).due(NOON)).isEmpty();
    assertThat(disk(MetThresholds.NONE, 99, NOON).due(NOON)).contains(HARD);
  }

  @Test
  void aSoftThresholdIsDueOnceItWasMetForItsGracePeriodWithoutABreak() {
    var first = memory(MetThresholds.NONE, 199, NOON);
    assertThat(first.due(NOON)).isEmpty();
    assertThat(memory(first, 199, NOON.plusSeconds(89)).due(NOON.plusSeconds(89))).isEmpty();
    assertThat(memory(first, 199, NOON.plusSeconds(90)).due(NOON.plusSeconds(90))).contains(SOFT);

    var broken = memory(memory(first, 200, NOON.plusSeconds(60)), 199, NOON.plusSeconds(70));
    assertThat(memory(broken, 199, NOON.plusSeconds(90)).due(NOON.plusSeconds(90))).isEmpty();
  }

  @Test
  void afterAnEvictionMoreThanTheThresholdIsReclaimed() {
    var acted = disk(MetThresholds.NONE, 99, NOON).actedUpon(NOON);
    assertThat(disk(acted, 149, NOON.plusSeconds(10)).due(NOON.plusSeconds(10))).contains(HARD);
    assertThat(disk(acted, 150, NOON.plusSeconds(10)).due(NOON.plusSeconds(10))).isEmpty();
    assertThat(disk(disk(acted, 150, NOON), 149, NOON).due(NOON)).isEmpty();
  }

  @Test
  void memoryComesFirstAndWhatIsNotMeasuredNever() {
    var levels =
        Map.of(
            Signal.NODEFS_AVAILABLE, new Level(1, 1000), Signal.MEMORY_AVAILABLE, new Level(1, 10));
    var later = NOON.plusSeconds(90);
    var both = MetThresholds.NONE.seen(List.of(HARD, SOFT), levels, NOON);
    assertThat(both.due(NOON)).contains(HARD);
    assertThat(both.due(later)).contains(SOFT);
    assertThat(both.seen(List.of(HARD, SOFT), Map.of(), later).due(later)).isEmpty();
  }

  private static MetThresholds disk(MetThresholds before, long available, Instant now) {
    return before.seen(
        List.of(HARD), Map.of(Signal.NODEFS_AVAILABLE, new Level(available, 1000)), now);
  }

  private static MetThresholds memory(MetThresholds before, long available, Instant now) {
    return before.seen(
        List.of(SOFT), Map.of(Signal.MEMORY_AVAILABLE, new Level(available, 1000)), now);
  }
}
