package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeletCadvisorMetricsTest {
  private static final String RECORDED = Recorded.text("metrics-cadvisor.txt");

  @TempDir private Path folder;
  private final MovingClock clock = new MovingClock("2026-11-23T13:19:06Z");
  private KubeletCadvisorMetrics metrics;

  @BeforeEach
  void measureWhatWasRecorded() throws IOException {
    var host = new HostFiles(Recorded.machine(folder));
    var machine = Machine.at(folder, Recorded::space, clock, Runnable::run);
    metrics =
        new KubeletCadvisorMetrics(
            new Still(new RecordedScrape(RECORDED).snapshot()),
            new MachineSeries(machine, () -> "20.10.24+dfsg1", BuildInfo.UNKNOWN, host, false),
            clock);
  }

  private String rendered() {
    return new String(metrics.render(MetricsFormat.TEXT), StandardCharsets.UTF_8);
  }

  /** The version is ours, and when a container was seen last is when it is asked. */
  private String comparable(String text) {
    return text.lines()
        .filter(line -> !line.startsWith("cadvisor_version_info"))
        .map(
            line ->
                line.startsWith("container_last_seen") ? line.replaceFirst("} .*", "} seen") : line)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void isTheRealKubeletsAnswerToTheByte() {
    assertThat(comparable(rendered())).isEqualTo(comparable(RECORDED));
  }

  /** But for the types, and for the unit of times. */
  @Test
  void hasTheSameSeriesInOpenMetrics() {
    var open = new String(metrics.render(MetricsFormat.OPEN_METRICS), StandardCharsets.UTF_8);

    assertThat(open).endsWith("\n# EOF\n").doesNotContain("_total counter");
    assertThat(open.lines().filter(line -> !line.startsWith("#")).map(line -> inMillis(line)))
        .containsExactlyElementsOf(
            rendered().lines().filter(line -> !line.startsWith("#")).toList());
  }

  private static String inMillis(String line) {
    return line.replaceFirst(" ([0-9]+)\\.([0-9]{3})$", " $1$2");
  }

  @Test
  void tellsWhenAContainerWasSeenLast() {
    assertThat(rendered())
        .contains(
            "container_last_seen{container=\"\",id=\"/\",image=\"\",name=\"\",namespace=\"\","
                + "pod=\"\"} 1.795439946e+09 1795439946000\n");
  }

  @Test
  void writesNumbersWithoutGarbage() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 50; i++) {
      metrics.render(MetricsFormat.TEXT);
    }
    long before = threads.getCurrentThreadAllocatedBytes();

    int size = metrics.render(MetricsFormat.TEXT).length;

    // The answer and the buffer it grows in take six times its size; labels are made once.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16L * size);
  }
}
