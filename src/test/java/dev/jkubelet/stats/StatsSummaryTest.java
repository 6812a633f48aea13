package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.ContainerSample.Cpu;
import dev.jkubelet.stats.ContainerSample.DeviceIo;
import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.ContainerSample.Memory;
import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import dev.jkubelet.stats.ContainerSample.Processes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatsSummaryTest {
  private static final String UID = "eab49f3385db6d3cfbda882efde936e5";
  private static final String POD = "/golden/kubepods/besteffort/pod" + UID;
  private static final Optional<PodKey> KEY =
      Optional.of(new PodKey("golden", "besteffort-golden-node", UID));
  private static final long MACHINE = 25_276_063_744L;
  private static final Filesystem DISK =
      new Filesystem(
          "/dev/vda",
          "vfs",
          270_553_174_016L,
          38_075_002_880L,
          0,
          70_869_291_008L,
          16_777_216,
          16_150_791,
          0,
          DeviceIo.NONE);

  private final TreeMap<String, ContainerRecord> records = new TreeMap<>();

  /** What one cgroup was when the real kubelet answered. */
  private record Measured(
      String path, Kind kind, String created, String time, long nanoCores, long cpu, long limit) {}

  private void add(
      Measured of,
      Memory memory,
      Optional<String> name,
      List<NetworkInterface> network,
      List<Filesystem> filesystems) {
    var nanos = Instant.parse(of.time()).getEpochSecond() * 1_000_000_000;
    var history = new SampleHistory();
    for (long back = 1; back >= 0; back--) {
      history.add(
          new ContainerSample(
              nanos - back * 1_000_000_000,
              new Cpu(of.cpu() - back * of.nanoCores(), 0, 0, LongValues.NONE, 0, 0, 0),
              memory,
              network,
              List.of(),
              filesystems,
              Processes.NONE));
    }
    records.put(
        of.path(),
        new ContainerRecord(
            of.path(),
            of.kind(),
            name.isPresent() || of.kind() == Kind.POD ? KEY : Optional.empty(),
            name.map(n -> new ContainerRecord.Container("id", n, "k8s_" + n, 0)),
            new ContainerSpec(
                Instant.parse(of.created()),
                true,
                2,
                0,
                100_000,
                "0-1",
                true,
                of.limit(),
                ContainerSpec.NO_LIMIT,
                ContainerSpec.NO_LIMIT,
                Map.of(),
                ""),
            history.samples().getLast(),
            history));
  }

  private void add(Measured of, Memory memory) {
    add(of, memory, Optional.empty(), List.of(), List.of());
  }

  private static Memory memory(long usage, long workingSet, long rss, long faults, long major) {
    return new Memory(usage, 0, 0, rss, 0, 0, workingSet, 0, faults, major);
  }

  private static NetworkInterface network(String name, long rxBytes, long txBytes) {
    return new NetworkInterface(name, rxBytes, 0, 0, 0, txBytes, 0, 0, 0);
  }

  private StatsSummary summary() {
    add(
        new Measured(
            "/",
            Kind.MACHINE,
            "2026-11-23T12:42:00Z",
            "2026-11-23T13:19:05Z",
            205_621_337,
            3_908_301_355_016L,
            MACHINE),
        memory(2_410_229_760L, 1_447_288_832, 568_320_000, 90_633, 0),
        Optional.empty(),
        List.of(
            network("ifb0", 0, 0),
            network("ifb1", 0, 0),
            network("eth0", 517_096_830, 1_508_004),
            network("d2br0", 220_453, 212_376)),
        List.of());
    add(
        new Measured(
            "/golden/kubelet",
            Kind.GROUP,
            "2026-11-23T13:00:00Z",
            "2026-11-23T13:18:52Z",
            25_565_286,
            24_451_440_368L,
            ContainerSpec.NO_LIMIT),
        memory(49_266_688, 48_992_256, 34_349_056, 22_844, 49));
    add(
        new Measured(
            "/golden/runtime",
            Kind.GROUP,
            "2026-11-23T13:05:47Z",
            "2026-11-23T13:19:02Z",
            29_825_425,
            43_528_415_757L,
            ContainerSpec.NO_LIMIT),
        memory(58_163_200, 57_376_768, 42_328_064, 1_380_016, 111));
    add(
        new Measured(
            "/golden/kubepods",
            Kind.GROUP,
            "2026-11-23T13:05:07Z",
            "2026-11-23T13:19:05Z",
            3_172_725,
            4_502_176_561L,
            25_276_063_744L),
        memory(4_444_160, 4_444_160, 634_880, 0, 0));
    add(
        new Measured(
            POD,
            Kind.POD,
            "2026-11-23T13:06:09Z",
            "2026-11-23T13:19:05Z",
            0,
            106_975_030,
            ContainerSpec.NO_LIMIT),
        memory(565_248, 565_248, 106_496, 0, 0));
    add(
        new Measured(
            POD + "/box",
            Kind.SANDBOX,
            "2026-11-23T13:06:09Z",
            "2026-11-23T13:18:41Z",
            0,
            1,
            ContainerSpec.NO_LIMIT),
        Memory.NONE,
        Optional.of("POD"),
        List.of(network("eth0", 1164, 0)),
        List.of());
    add(
        new Measured(
            POD + "/main",
            Kind.CONTAINER,
            "2026-11-23T13:06:11Z",
            "2026-11-23T13:18:59Z",
            0,
            22_859_932,
            ContainerSpec.NO_LIMIT),
        memory(233_472, 233_472, 65_536, 845, 0),
        Optional.of("main"),
        List.of(),
        List.of(new Filesystem("/dev/vda", "vfs", 0, 28_672, 4096, 0, 0, 0, 1, DeviceIo.NONE)));
    var images =
        new Filesystem(
            "/dev/vda",
            "vfs",
            DISK.capacity(),
            2_746_914,
            0,
            DISK.available(),
            DISK.inodes(),
            DISK.inodesFree(),
            0,
            DeviceIo.NONE);
    return new StatsSummary(
        new Still(
            new NodeSnapshot(
                Instant.parse("2026-11-23T13:19:05Z"),
                records,
                Optional.of(DISK),
                Optional.of(images),
                Map.of(),
                new NodeSnapshot.Processes(32_768, 1716))),
        "golden-node",
        new MeasuredCgroups(
            "/golden/kubepods",
            Optional.of("/golden/kubelet"),
            Optional.of("/golden/runtime"),
            _ -> Optional.empty()),
        Instant.parse("2026-11-23T09:35:22Z"),
        Instant.parse("2026-11-23T13:06:08Z"));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** But for rlimit's time: here one pass reads everything. */
  @Test
  void isTheRealKubeletsAnswerToTheByte() {
    var expected =
        Recorded.text("summary.json")
            .replace("\"time\": \"2026-11-23T13:19:06Z\"", "\"time\": \"2026-11-23T13:19:05Z\"")
            .strip();

    assertThat(text(summary().render(Map.of(UID, Instant.parse("2026-11-23T13:06:09Z")))))
        .isEqualTo(expected);
  }

  @Test
  void leavesOutAPodThatHasNotStarted() {
    assertThat(text(summary().render(Map.of()))).endsWith("\"pods\": []\n}");
  }

  @Test
  void tellsProcessorAndMemoryAlone() {
    assertThat(text(summary().renderCpuAndMemory()))
        .contains("\"usageNanoCores\": 205621337", "\"startTime\": \"2026-11-23T13:06:09Z\"")
        .doesNotContain("rootfs", "network", "\"fs\"", "rlimit", "ephemeral");
  }

  @Test
  void tellsTheSizeOfLogsAmongTheKubeletsMetrics() {
    var _ = summary();
    var metrics = new KubeletMetrics("golden-node");
    metrics.measured(
        new Still(
            new NodeSnapshot(
                Instant.EPOCH,
                records,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                new NodeSnapshot.Processes(0, 0))));

    assertThat(text(metrics.render(MetricsFormat.TEXT)))
        .contains(
            "kubelet_container_log_filesystem_used_bytes{container=\"main\",namespace=\"golden\","
                + "pod=\"besteffort-golden-node\",uid=\""
                + UID
                + "\"} 24576\n# HELP kubelet_containers_per_pod_count");
  }

  @Test
  void tellsWhatIsLeftForEviction() {
    var _ = summary();
    var signals =
        EvictionSignals.of(
            new NodeSnapshot(
                Instant.parse("2026-11-23T13:19:05Z"),
                records,
                Optional.of(DISK),
                Optional.empty(),
                Map.of(),
                new NodeSnapshot.Processes(32_768, 1716)),
            "/golden/kubepods");

    assertThat(signals.memoryAvailable().orElseThrow().available()).isEqualTo(23_828_774_912L);
    assertThat(signals.allocatableMemoryAvailable().orElseThrow().available())
        .isEqualTo(25_271_619_584L);
    assertThat(signals.nodefsAvailable().orElseThrow().available()).isEqualTo(70_869_291_008L);
    assertThat(signals.nodefsInodesFree().orElseThrow().capacity()).isEqualTo(16_777_216);
    assertThat(signals.imagefsAvailable()).isEmpty();
    assertThat(signals.pidAvailable().orElseThrow().available()).isEqualTo(31_052);
  }
}
