package dev.jkubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodCgroupsTest {
  private static final NodeBounds BOUNDS = new NodeBounds(2000, 25_276_063_744L, 32_768);

  @TempDir private Path root;

  @Test
  void boundsAllPodsByTheNodeOnV1() throws Exception {
    RecordedTree.v1(root);

    await(cgroups("/", CgroupDriver.CGROUPFS).start());

    assertThat(read("cpu,cpuacct/kubepods/cpu.shares")).isEqualTo("2048");
    assertThat(read("memory/kubepods/memory.limit_in_bytes")).isEqualTo("25276063744");
    assertThat(read("pids/kubepods/pids.max")).isEqualTo("32768");
    assertThat(read("cpu,cpuacct/kubepods/besteffort/cpu.shares")).isEqualTo("2");
    assertThat(read("cpu,cpuacct/kubepods/burstable/cpu.shares")).isEqualTo("2");
    assertThat(root.resolve("memory/kubepods/burstable/memory.limit_in_bytes")).doesNotExist();
    assertThat(root.resolve("systemd/kubepods/burstable")).isDirectory();
    assertThat(root.resolve("unified/kubepods")).doesNotExist();
  }

  @Test
  void handsThePodsParentToTheEngineAndInheritsTheCpusetOnV1() throws Exception {
    RecordedTree.v1(root);
    var cgroups = cgroups("/", CgroupDriver.CGROUPFS);
    await(cgroups.start());

    var parent =
        await(cgroups.ensure(TestPods.pod("a-1", TestPods.container("cpu=50m", "memory=64Mi"))));

    assertThat(parent).isEqualTo("/kubepods/burstable/poda-1");
    assertThat(read("cpuset" + parent + "/cpuset.cpus")).isEqualTo("0-1");
    assertThat(read("cpuset" + parent + "/cpuset.mems")).isEqualTo("0");
    assertThat(read("cpu,cpuacct" + parent + "/cpu.shares")).isEqualTo("51");
    assertThat(read("memory" + parent + "/memory.limit_in_bytes")).isEqualTo("67108864");
    assertThat(root.resolve("cpu,cpuacct" + parent + "/cpu.cfs_quota_us")).doesNotExist();
  }

  @Test
  void turnsMissingControllersOnFromTheRootDownOnV2() throws Exception {
    RecordedTree.v2(root);

    CgroupTree.at(root).create("/kubepods/poda-1");

    assertThat(read("cgroup.subtree_control")).isEqualTo("+cpu +cpuset +hugetlb +pids");
    assertThat(read("kubepods/cgroup.subtree_control"))
        .isEqualTo("+cpu +cpuset +memory +hugetlb +pids");
    assertThat(root.resolve("kubepods/poda-1/cgroup.subtree_control")).doesNotExist();
  }

  @Test
  void writesWeightsAndLimitsOfV2() throws Exception {
    RecordedTree.v2(root);
    var cgroups = cgroups("/", CgroupDriver.CGROUPFS);
    await(cgroups.start());

    var parent =
        await(cgroups.ensure(TestPods.pod("a-1", TestPods.container("", "cpu=500m memory=64Mi"))));

    assertThat(read("kubepods/cpu.weight")).isEqualTo("79");
    assertThat(read("kubepods/memory.max")).isEqualTo("25276063744");
    assertThat(read(parent.substring(1) + "/cpu.max")).isEqualTo("50000 100000");
    assertThat(read(parent.substring(1) + "/memory.max")).isEqualTo("67108864");
  }

  @Test
  void weighsTheBurstableClassByWhatItsPodsAskForTogether() throws Exception {
    RecordedTree.v1(root);
    var cgroups = cgroups("/", CgroupDriver.CGROUPFS);
    await(cgroups.start());

    await(
        cgroups.updateQos(
            List.of(
                TestPods.pod("a", TestPods.container("cpu=500m", "")),
                TestPods.pod("b", TestPods.container("cpu=1", "cpu=2")),
                TestPods.pod("c", TestPods.container("cpu=1 memory=1Mi", "cpu=1 memory=1Mi")),
                TestPods.pod("d", TestPods.container("", "")))));

    assertThat(read("cpu,cpuacct/kubepods/burstable/cpu.shares")).isEqualTo("1536");
    assertThat(read("cpu,cpuacct/kubepods/besteffort/cpu.shares")).isEqualTo("2");
  }

  @Test
  void setsHugePageLimitsOnlyForSizesTheKernelHas() throws Exception {
    RecordedTree.v1(root);
    RecordedTree.file(root, "hugetlb/cgroup.procs", "");
    var pod = "hugetlb/kubepods/burstable/poda/";
    RecordedTree.file(root, pod + "hugetlb.2MB.limit_in_bytes", "");
    RecordedTree.file(root, pod + "hugetlb.1GB.limit_in_bytes", "");
    RecordedTree.file(root, pod + "hugetlb.1GB.rsvd.limit_in_bytes", "untouched");

    await(
        cgroups("/", CgroupDriver.CGROUPFS)
            .ensure(TestPods.pod("a", TestPods.container("cpu=1 hugepages-2Mi=4Mi", ""))));

    assertThat(read(pod + "hugetlb.2MB.limit_in_bytes")).isEqualTo("4194304");
    assertThat(read(pod + "hugetlb.1GB.limit_in_bytes")).isEqualTo("0");
    assertThat(read(pod + "hugetlb.1GB.rsvd.limit_in_bytes")).isEqualTo("untouched");
  }

  @Test
  void refusesACgroupRootThatDoesNotExist() throws Exception {
    RecordedTree.v1(root);
    Files.createDirectories(root.resolve("memory/mine"));

    assertThatThrownBy(() -> await(cgroups("/mine", CgroupDriver.CGROUPFS).start()))
        .hasMessageContaining("expected an existing cgroup, got \"/mine\": there is no")
        .hasMessageContaining("cpu,cpuacct/mine");
  }

  @Test
  void saysThatThereIsNoCgroupFileSystem() {
    assertThatThrownBy(() -> await(cgroups("/", CgroupDriver.CGROUPFS).start()))
        .hasMessageContaining("no cgroup file system at " + root);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc", "a/b", "", "a_b", "x\u0000"})
  void refusesUidsThatAreNoFolderName(String uid) throws Exception {
    RecordedTree.v1(root);
    var cgroups = cgroups("/", CgroupDriver.CGROUPFS);

    assertThatThrownBy(() -> await(cgroups.ensure(TestPods.pod(uid))))
        .hasMessageContaining("metadata.uid");
    assertThatThrownBy(() -> await(cgroups.remove(uid))).hasMessageContaining("metadata.uid");
  }

  @Test
  void namesSlicesForAnEngineOnSystemdAndMakesNone() throws Exception {
    RecordedTree.v1(root);
    var cgroups = cgroups("/", CgroupDriver.SYSTEMD);
    await(cgroups.start());

    var parent = await(cgroups.ensure(TestPods.pod("a-1", TestPods.container("cpu=50m", ""))));

    assertThat(parent).isEqualTo("kubepods-burstable-poda_1.slice");
    assertThat(root.resolve("memory/kubepods.slice")).doesNotExist();
  }

  @Test
  void findsPodsOfEveryClassAndHierarchyOnce() throws Exception {
    RecordedTree.v1(root);
    Files.createDirectories(root.resolve("memory/kubepods/poda-1/0123abc"));
    Files.createDirectories(root.resolve("cpu,cpuacct/kubepods/poda-1"));
    Files.createDirectories(root.resolve("pids/kubepods/besteffort/podb-2"));
    Files.createDirectories(
        root.resolve(
            "pids/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podc_3.slice"));

    assertThat(await(cgroups("/", CgroupDriver.CGROUPFS).podUids())).containsExactly("a-1", "b-2");
    assertThat(await(cgroups("/", CgroupDriver.SYSTEMD).podUids())).containsExactly("c-3");
  }

  @Test
  void removesWhatTheEngineLeavesInTheUnifiedHierarchyBesideV1() throws Exception {
    RecordedTree.v1(root);
    var left = root.resolve("unified/kubepods/burstable/poda-1");
    Files.createDirectories(left.resolve("0123abc"));
    var cgroups = cgroups("/", CgroupDriver.CGROUPFS);
    assertThat(await(cgroups.podUids())).containsExactly("a-1");

    await(cgroups.remove("a-1"));

    assertThat(left).doesNotExist();
    assertThat(left.getParent()).exists();
  }

  @Test
  void leavesEverythingToTheEngineWithoutCgroupsPerQos() throws Exception {
    RecordedTree.v1(root);
    var cgroups =
        PodCgroups.of(
            new PodCgroupSettings(
                root, false, "/mine", CgroupDriver.CGROUPFS, BOUNDS, 0, true, 100_000),
            Runnable::run);
    await(cgroups.start());

    assertThat(await(cgroups.ensure(TestPods.pod("a", TestPods.container("", "")))))
        .isEqualTo("/mine");
    assertThat(await(cgroups.podUids())).isEmpty();
    await(cgroups.remove("a"));
    assertThat(root.resolve("memory/mine")).doesNotExist();
  }

  @Test
  void leavesTheEngineItsOwnParentWithoutCgroupsPerQosAndRoot() {
    var cgroups =
        PodCgroups.of(
            new PodCgroupSettings(root, false, "/", CgroupDriver.SYSTEMD, BOUNDS, 0, true, 100_000),
            Runnable::run);

    assertThat(await(cgroups.ensure(TestPods.pod("a", TestPods.container("", ""))))).isEmpty();
  }

  private PodCgroups cgroups(String cgroupRoot, CgroupDriver driver) {
    return PodCgroups.of(
        new PodCgroupSettings(root, true, cgroupRoot, driver, BOUNDS, 0, true, 100_000),
        Runnable::run);
  }

  private String read(String path) throws IOException {
    return RecordedTree.read(root, path);
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
