package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.cgroup.MachineLimits;
import dev.jkubelet.cgroup.MachineLimits.CgroupVersion;
import dev.jkubelet.cgroup.NodeBounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void holdsPodsToWhatIsNotReserved() {
    var reserved = "--system-reserved=cpu=500m,memory=512Mi";
    var held = host(true, reserved, "--pod-max-pids=100").cgroups();
    assertThat(held.bounds()).isEqualTo(new NodeBounds(1500, 512L << 20, 0));
    assertThat(held.podPidsLimit()).isEqualTo(100);
    assertThat(host(true, reserved, "--enforce-node-allocatable=none").cgroups().bounds())
        .isEqualTo(new NodeBounds(2000, 0, 0));
  }

  @Test
  void namesTheFlagOfACgroupThatCantBe() {
    assertThatThrownBy(() -> host(true, "--cgroup-root=/a b"))
        .isInstanceOf(StartFailure.class)
        .hasMessage("--cgroup-root: cgroup name \"a b\": expected letters, digits, '.' and '-'");
  }

  @Test
  void namesTheFlagOfARootFolderThatCantBeMade(@TempDir Path folder) throws IOException {
    Host.makeRoot(folder.resolve("a/b"));
    Host.makeRoot(folder.resolve("a/b"));
    assertThat(folder.resolve("a/b")).isDirectory();

    var file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> Host.makeRoot(file.resolve("root")))
        .isInstanceOf(StartFailure.class)
        .hasMessageStartingWith("--root-dir: expected a folder that can be made: ")
        .hasMessageContaining(file.toString());
  }

  static Host host(boolean cgroupWritable, String... flags) {
    return Host.of(
        Given.options(flags).cgroups(),
        new MachineLimits(false, CgroupVersion.V1, cgroupWritable, Set.of("memory")),
        new NodeBounds(2000, 1L << 30, 0));
  }
}
