package dev.jkubelet.node.gc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.Image;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageRecordsTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration AGE = Duration.ofMinutes(2);
  private static final Image OLD = image("old", 10);
  private static final Image USED = image("used", 20);
  private static final Image NEW = image("new", 30);

  @Test
  void thoseThatWereNotUsedForLongestGoFirstAndNoMoreThanNeedBe() {
    var records =
        ImageRecords.NONE
            .seen(List.of(USED, OLD), Set.of(USED.id()), NOON)
            .seen(List.of(USED, OLD), Set.of(), NOON.plusSeconds(300));
    var now = NOON.plusSeconds(300);
    assertThat(records.toFree(10, AGE, now)).containsExactly(OLD);
    assertThat(records.toFree(11, AGE, now)).containsExactly(OLD, USED);
  }

  @Test
  void whatIsInUseOrNewIsSpared() {
    var now = NOON.plusSeconds(300);
    var records =
        ImageRecords.NONE
            .seen(List.of(USED, OLD), Set.of(), NOON)
            .seen(List.of(USED, OLD, NEW), Set.of(USED.id()), now);
    assertThat(records.toFree(Long.MAX_VALUE, AGE, now)).containsExactly(OLD);
    assertThat(records.toFree(Long.MAX_VALUE, Duration.ZERO, now)).containsExactly(OLD, NEW);
  }

  @Test
  void whatIsGoneIsForgotten() {
    var gone = ImageRecords.NONE.seen(List.of(OLD), Set.of(), NOON).seen(List.of(), Set.of(), NOON);
    assertThat(gone.all()).isEmpty();
  }

  private static Image image(String name, long size) {
    return new Image("sha256:" + name, List.of(name + ":1"), List.of(), size, "");
  }
}
