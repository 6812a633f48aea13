package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.stats.ContainerSample.Cpu;
import dev.jkubelet.stats.ContainerSample.Memory;
import dev.jkubelet.stats.ContainerSample.Processes;
import java.util.List;
import org.junit.jupiter.api.Test;

class SampleHistoryTest {
  private static final long SECOND = 1_000_000_000L;

  private final SampleHistory history = new SampleHistory();

  @Test
  void knowsNoRateOfOneReading() {
    read(0, 0);

    assertThat(history.nanoCores()).isEmpty();
  }

  @Test
  void knowsTheRateOfWhatThereIsOfTenSeconds() {
    read(0, 0);
    read(1, SECOND);
    assertThat(history.nanoCores()).contains(SECOND);

    for (int second = 2; second <= 4; second++) {
      read(second, SECOND);
    }
    assertThat(history.nanoCores()).contains(SECOND / 4);
    for (int second = 5; second <= 10; second++) {
      read(second, SECOND);
    }
    assertThat(history.nanoCores()).contains(SECOND / 10);
    read(11, SECOND);
    assertThat(history.nanoCores()).contains(0L);
  }

  @Test
  void knowsTheRateOfOneThatIsSeldomRead() {
    read(0, 0);
    read(15, 3 * SECOND);
    read(30, 6 * SECOND);

    assertThat(history.nanoCores()).contains(SECOND / 5);
  }

  @Test
  void knowsNoRateOfACounterThatStartedAnew() {
    read(0, SECOND);
    read(1, 0);

    assertThat(history.nanoCores()).isEmpty();
  }

  private void read(long second, long used) {
    history.add(
        new ContainerSample(
            second * SECOND,
            new Cpu(used, 0, 0, LongValues.NONE, 0, 0, 0),
            Memory.NONE,
            List.of(),
            List.of(),
            List.of(),
            Processes.NONE));
  }
}
