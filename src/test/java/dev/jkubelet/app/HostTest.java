package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.cgroup.MachineLimits;
import dev.jkubelet.cgroup.MachineLimits.CgroupVersion;
import dev.jkubelet.cgroup.NodeBounds;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostTest {
  @Test
  void givesPodsCgroupsOfTheirOwnWhereTheyCanBeMade() {
    assertThat(host(true).cgroups().cgroupsPerQos()).isTrue();
    assertThat(host(false).cgroups().cgroupsPerQos()).isFalse();
    assertThat(
            host(true, "--cgroups-per-qos=false", "--enforce-node-allocatable=")
                .cgroups()
                .cgroupsPerQos())
        .isFalse();
  }

  @Test
  void namesTheFlagOfACgroupThatCantBe() {
    assertThatThrownBy(() -> host(true, "--cgroup-root=/a b"))
        .isInstanceOf(StartFailure.class)
        .hasMessage("--cgroup-root: cgroup name \"a b\": expected letters, digits, '.' and '-'");
  }

  private static Host host(boolean cgroupWritable, String... flags) {
    return Host.of(
        Given.options(flags).cgroups(),
        new MachineLimits(false, CgroupVersion.V1, cgroupWritable, Set.of("memory")),
        new NodeBounds(2000, 1L << 30, 0));
  }
}
