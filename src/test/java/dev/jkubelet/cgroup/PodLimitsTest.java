package dev.jkubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PodLimitsTest {
  private static final PodCgroupSettings SETTINGS = settings(true, 0);

  @Test
  void givesAGuaranteedPodSharesQuotaAndMemory() {
    // The recorded pod "guaranteed": cpu.shares=102 cpu.cfs_quota_us=10000 memory=33554432.
    var limits =
        of(TestPods.pod("u", TestPods.container("cpu=100m memory=32Mi", "cpu=100m memory=32Mi")));

    assertThat(limits.cpuShares()).hasValue(102);
    assertThat(limits.cpuQuota()).hasValue(10_000);
    assertThat(limits.memory()).hasValue(33_554_432);
    assertThat(limits.pids()).isEmpty();
  }

  @Test
  void givesABurstablePodNoQuotaWhenOneContainerIsUnlimited() {
    // The recorded pod "web": cpu.shares=51, no quota, no memory limit.
    var limits =
        of(
            TestPods.pod(
                "u",
                TestPods.container("cpu=50m memory=32Mi", "cpu=200m memory=64Mi"),
                TestPods.container("", "")));

    assertThat(limits.cpuShares()).hasValue(51);
    assertThat(limits.cpuQuota()).isEmpty();
    assertThat(limits.memory()).isEmpty();
  }

  @Test
  void limitsABurstablePodByTheSumWhenAllContainersAreLimited() {
    var limits =
        of(
            TestPods.pod(
                "u",
                TestPods.container("cpu=50m", "cpu=200m memory=64Mi"),
                TestPods.container("", "cpu=1 memory=1Gi")));

    assertThat(limits.cpuQuota()).hasValue(120_000);
    assertThat(limits.memory()).hasValue((64L << 20) + (1L << 30));
  }

  @Test
  void leavesABestEffortPodTheLeastShares() {
    var limits = of(TestPods.pod("u", TestPods.container("", "")));

    assertThat(limits.cpuShares()).hasValue(2);
    assertThat(limits.cpuQuota()).isEmpty();
    assertThat(limits.memory()).isEmpty();
  }

  @Test
  void takesTheLargestInitContainerWhereItNeedsMoreThanTheAppsTogether() {
    var pod = TestPods.pod("u", TestPods.container("cpu=100m", "cpu=1 memory=64Mi"));
    pod.getSpec()
        .setInitContainers(
            List.of(
                TestPods.container("cpu=2", "cpu=4 memory=32Mi"), TestPods.container("cpu=1", "")));

    var limits = of(pod);

    assertThat(limits.cpuShares()).hasValue(2048);
    assertThat(limits.cpuQuota()).hasValue(400_000);
    assertThat(limits.memory()).hasValue(64L << 20);
  }

  @Test
  void addsOverheadToRequestsAndToLimitsThatThereAre() {
    var pod = TestPods.pod("u", TestPods.container("cpu=500m", "cpu=1"));
    pod.getSpec().setOverhead(TestPods.amounts("cpu=250m memory=120Mi"));

    var limits = of(pod);

    assertThat(limits.cpuShares()).hasValue(768);
    assertThat(limits.cpuQuota()).hasValue(125_000);
    assertThat(limits.memory()).isEmpty();
  }

  @Test
  void liftsTheQuotaWhenCfsQuotaIsOff() {
    var pod = TestPods.pod("u", TestPods.container("cpu=1 memory=1Gi", "cpu=1 memory=1Gi"));

    assertThat(PodLimits.of(pod, settings(false, 0)).cpuQuota()).hasValue(-1);
  }

  @Test
  void boundsProcessesWhenThereIsAPodPidsLimit() {
    var pod = TestPods.pod("u", TestPods.container("", ""));

    assertThat(PodLimits.of(pod, settings(true, 100)).pids()).hasValue(100);
    assertThat(PodLimits.of(pod, settings(true, -1)).pids()).isEmpty();
  }

  @Test
  void keepsAbsurdRequestsWithinTheKernelsRange() {
    var limits = of(TestPods.pod("u", TestPods.container("cpu=1E", "")));

    assertThat(limits.cpuShares()).hasValue(262_144);
    assertThat(limits.cpuWeight()).hasValue(10_000);
  }

  @Test
  void allowsOnlyTheHugePagesThatAreAskedFor() {
    var limits = of(TestPods.pod("u", TestPods.container("cpu=1 hugepages-2Mi=4Mi", "")));

    assertThat(limits.hugePages(2L << 20)).isEqualTo(4L << 20);
    assertThat(limits.hugePages(1L << 30)).isZero();
  }

  @Test
  void mapsSharesToTheWeightsOfV2AsRuncDoes() {
    assertThat(CgroupLimits.shares(2).cpuWeight()).hasValue(1);
    assertThat(CgroupLimits.shares(1024).cpuWeight()).hasValue(39);
    assertThat(CgroupLimits.shares(262_144).cpuWeight()).hasValue(10_000);
  }

  private static CgroupLimits of(Pod pod) {
    var limits = PodLimits.of(pod, SETTINGS);
    assertThat(limits.cpuPeriod()).isEqualTo(100_000);
    assertThat(limits.cpuShares()).isNotEqualTo(OptionalLong.empty());
    return limits;
  }

  private static PodCgroupSettings settings(boolean quota, long podPids) {
    return new PodCgroupSettings(
        Path.of("/nowhere"),
        true,
        "/",
        CgroupDriver.CGROUPFS,
        new NodeBounds(2000, 0, 0),
        podPids,
        quota,
        100_000);
  }
}
