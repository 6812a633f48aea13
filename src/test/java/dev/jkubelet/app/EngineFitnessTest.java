package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.EngineInfo;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineFitnessTest {
  @Test
  void wantsTheEnginesCgroupDriver() {
    assertThat(misfit("cgroupfs", "--cgroup-driver=cgroupfs")).isEmpty();
    assertThat(misfit("systemd", "--cgroup-driver=systemd")).isEmpty();
    assertThat(misfit("systemd", "--cgroup-driver=cgroupfs"))
        .contains(
            "misconfiguration: kubelet cgroup driver: \"cgroupfs\" is different from docker cgroup"
                + " driver: \"systemd\"; expected --cgroup-driver=systemd");
  }

  @Test
  void takesAnyDriverWhereTheEngineMakesAllCgroups() {
    assertThat(misfit("systemd", "--cgroups-per-qos=false", "--enforce-node-allocatable="))
        .isEmpty();
  }

  private static Optional<String> misfit(String engineDriver, String... flags) {
    var engine =
        new EngineInfo(
            "docker", "20.10.24", "1.41", Path.of("/d"), "overlay2", engineDriver, 2, "json-file");
    return new EngineFitness(HostTest.host(true, flags).cgroups()).misfit(engine);
  }
}
