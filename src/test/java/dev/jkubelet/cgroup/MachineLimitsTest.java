package dev.jkubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.cgroup.MachineLimits.CgroupVersion;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineLimitsTest {
  private static final String WHOLE_MACHINE = "         0          0 4294967295\n";

  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({
    "000001ffffffffff, true",
    "000001fffeffffff, false",
    "0000000001000000, true",
    "00000000a80425fb, false",
    "nonsense,         false",
  })
  void readsTheCapabilityToLowerOomScores(String effective, boolean expected) throws Exception {
    proc(effective, WHOLE_MACHINE);

    assertThat(MachineLimits.probe(root, root).canLowerOomScore()).isEqualTo(expected);
  }

  @Test
  void knowsThatACapabilityInAUserNamespaceIsNone() throws Exception {
    proc("000001ffffffffff", "         0       1000          1\n");

    assertThat(MachineLimits.probe(root, root).canLowerOomScore()).isFalse();
  }

  @Test
  void tellsV1FromV2() throws Exception {
    var v1 = MachineLimits.probe(root, RecordedTree.v1(root.resolve("v1")));
    var v2 = MachineLimits.probe(root, RecordedTree.v2(root.resolve("v2")));
    var none = MachineLimits.probe(root, root.resolve("none"));

    assertThat(v1.cgroupVersion()).isEqualTo(CgroupVersion.V1);
    assertThat(v1.cgroupWritable()).isTrue();
    assertThat(v1.controllers())
        .containsExactlyInAnyOrder("cpu", "cpuacct", "cpuset", "memory", "pids", "systemd");
    assertThat(v2.cgroupVersion()).isEqualTo(CgroupVersion.V2);
    assertThat(v2.controllers()).contains("io", "memory");
    assertThat(none.cgroupVersion()).isEqualTo(CgroupVersion.NONE);
    assertThat(none.cgroupWritable()).isFalse();
  }

  @Test
  void probesThisMachineWithoutSideEffects() throws Exception {
    var before = RecordedTree.read(Path.of("/proc/self"), "oom_score_adj");

    var limits = MachineLimits.probe();

    assertThat(limits.cgroupVersion()).isNotEqualTo(CgroupVersion.NONE);
    assertThat(RecordedTree.read(Path.of("/proc/self"), "oom_score_adj")).isEqualTo(before);
  }

  @Test
  void readsThisMachinesPidMaxWhole() throws Exception {
    // The kernel allows no less than 301; a sysctl read byte by byte gives its first digit.
    assertThat(NodeBounds.ofMachine(Path.of("/proc")).pids()).isGreaterThan(300);
  }

  @Test
  void readsTheNodesBoundsFromProc() throws Exception {
    RecordedTree.file(root, "cpuinfo", "processor\t: 0\nmodel name\t: x\n\nprocessor\t: 1\n");
    RecordedTree.file(root, "meminfo", "MemTotal:       24683656 kB\nMemFree: 1 kB\n");
    RecordedTree.file(root, "sys/kernel/pid_max", "32768\n");

    var machine = NodeBounds.ofMachine(root);

    assertThat(machine).isEqualTo(new NodeBounds(2000, 25_276_063_744L, 32_768));
    assertThat(machine.minus(new NodeBounds(500, 1L << 30, 40_000)))
        .isEqualTo(new NodeBounds(1500, 25_276_063_744L - (1L << 30), 0));
  }

  private void proc(String effective, String uidMap) throws IOException {
    RecordedTree.file(
        root, "self/status", "Name:\tjava\nCapPrm:\tffff\nCapEff:\t" + effective + "\n");
    RecordedTree.file(root, "self/uid_map", uidMap);
  }
}
