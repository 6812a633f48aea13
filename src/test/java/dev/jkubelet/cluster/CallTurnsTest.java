package dev.jkubelet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.cluster.CallRates.Rate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CallTurnsTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void letsABurstPassAndThenSoManyASecond() {
    var turns = new CallTurns(new Rate(5, 3));
    assertThat(waits(turns, 7, 5)).containsExactly(0, 0, 0, SECOND / 5, SECOND * 2 / 5);
  }

  @Test
  void aRestBringsTheBurstBackAndNoMore() {
    var turns = new CallTurns(new Rate(5, 3));
    waits(turns, 0, 3);
    assertThat(waits(turns, SECOND / 5, 2)).containsExactly(0, SECOND / 5);
    assertThat(waits(turns, 60 * SECOND, 4)).containsExactly(0, 0, 0, SECOND / 5);
  }

  @Test
  void withoutALimitNobodyWaits() {
    assertThat(waits(new CallTurns(new Rate(0, 0)), 0, 3)).containsExactly(0, 0, 0);
  }

  private static long[] waits(CallTurns turns, long now, int count) {
    return LongStream.range(0, count).map(_ -> turns.next(now)).toArray();
  }
}
