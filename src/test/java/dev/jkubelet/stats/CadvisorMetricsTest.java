package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /metrics} of port 4194, held against what cAdvisor 0.38 told of the same containers. */
class CadvisorMetricsTest {
  /** Labels that a container lacks, and what is not of containers, are left out of it. */
  private static final String RECORDED = Recorded.text("cadvisor-containers.txt");

  @TempDir private Path folder;
  private final MovingClock clock = new MovingClock("2026-11-23T13:24:47Z");

  @Test
  void tellsOfContainersAsCadvisorDoes() {
    var ours = lines(render(new RecordedScrape(RECORDED).snapshot()));

    assertThat(ours).containsExactlyInAnyOrderElementsOf(lines(RECORDED));
  }

  /** When a container was seen last is when it is asked. */
  private static List<String> lines(String text) {
    return text.lines()
        .filter(line -> line.matches("(# (HELP|TYPE) )?container_.*"))
        .map(
            line ->
                line.startsWith("container_last_seen") ? line.replaceFirst("} .*", "} seen") : line)
        .toList();
  }

  @Test
  void writesEachLabelOnceUnderANameThatPrometheusTakes() {
    var labels = Map.of("com.example/a-b", "\"1\"", "com.example/a.b", "\"2\"", "empty", "");

    assertThat(render(labelled(labels)))
        .contains("container_memory_rss{container_label_com_example_a_b=\"\\\"1\\\"\",id=\"/x\",")
        .doesNotContain("empty");
  }

  private static NodeSnapshot labelled(Map<String, String> labels) {
    var cpu = ContainerSample.Cpu.NONE;
    var sample =
        new ContainerSample(
            0,
            cpu,
            ContainerSample.Memory.NONE,
            List.of(),
            List.of(),
            List.of(),
            ContainerSample.Processes.NONE);
    var spec =
        new ContainerSpec(Instant.EPOCH, true, 2, 0, 0, "0", true, 0, 0, 0, labels, "busybox:1.36");
    var records = new TreeMap<String, ContainerRecord>();
    records.put(
        "/x",
        new ContainerRecord(
            "/x",
            ContainerRecord.Kind.CONTAINER,
            Optional.empty(),
            Optional.empty(),
            spec,
            sample,
            new SampleHistory()));
    return new NodeSnapshot(
        Instant.EPOCH,
        records,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        new NodeSnapshot.Processes(0, 0));
  }

  private String render(NodeSnapshot snapshot) {
    var machine = Machine.at(folder, Recorded::space, clock, Runnable::run);
    var metrics =
        new CadvisorMetrics(
            new Still(snapshot), machine, () -> "", BuildInfo.UNKNOWN, clock, folder);
    return new String(metrics.render(MetricsFormat.TEXT), StandardCharsets.UTF_8);
  }
}
