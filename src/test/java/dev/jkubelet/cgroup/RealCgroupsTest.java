package dev.jkubelet.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the kernel's own cgroup file systems, as root, below a cgroup of the test's own. */
class RealCgroupsTest {
  private static final Path CGROUP_FS = Path.of("/sys/fs/cgroup");

  private final ExecutorService files = Executors.newVirtualThreadPerTaskExecutor();
  private final String root = "/jkubelet-test-" + UUID.randomUUID();
  private CgroupTree tree;
  private PodCgroups cgroups;

  @BeforeEach
  void makeTheRoot() throws IOException {
    tree = CgroupTree.at(CGROUP_FS);
    assertThat(tree.controllers())
        .as("this test needs the cgroup file systems at " + CGROUP_FS)
        .contains("cpu", "memory");
    tree.create(root);
    cgroups =
        PodCgroups.of(
            new PodCgroupSettings(
                CGROUP_FS,
                true,
                root,
                CgroupDriver.CGROUPFS,
                new NodeBounds(2000, 1L << 32, 4096),
                100,
                true,
                100_000),
            files);
  }

  @AfterEach
  void removeTheRoot() {
    await(new CgroupRemoval(files).remove(tree.directories(root)));
    files.close();
  }

  @Test
  void theKernelTakesTheLimitsOfAPod() throws Exception {
    await(cgroups.start());

    var parent =
        await(
            cgroups.ensure(
                TestPods.pod(
                    "g-1", TestPods.container("cpu=100m memory=32Mi", "cpu=100m memory=32Mi"))));

    assertThat(parent).isEqualTo(root + "/kubepods/podg-1");
    assertThat(tree.directories(parent)).allMatch(Files::isDirectory);
    switch (tree) {
      case CgroupV1 _ -> {
        assertThat(value("cpu", parent, "cpu.shares")).isEqualTo("102");
        assertThat(value("cpu", parent, "cpu.cfs_quota_us")).isEqualTo("10000");
        assertThat(value("memory", parent, "memory.limit_in_bytes")).isEqualTo("33554432");
        assertThat(value("pids", parent, "pids.max")).isEqualTo("100");
        assertThat(value("memory", root + "/kubepods", "memory.limit_in_bytes"))
            .isEqualTo("4294967296");
      }
      case CgroupV2 _ -> {
        assertThat(value(".", parent, "cpu.weight")).isEqualTo("4");
        assertThat(value(".", parent, "cpu.max")).isEqualTo("10000 100000");
        assertThat(value(".", parent, "memory.max")).isEqualTo("33554432");
      }
    }
  }

  @Test
  void removingAPodKillsWhatRunsInItAndInItsContainers() throws Exception {
    await(cgroups.start());
    var parent = await(cgroups.ensure(TestPods.pod("b-1", TestPods.container("", ""))));
    tree.create(parent + "/0123456789abcdef");
    var inPod = processIn(parent);
    var inContainer = processIn(parent + "/0123456789abcdef");
    assertThat(await(cgroups.podUids())).containsExactly("b-1");

    await(cgroups.remove("b-1"));

    assertThat(inPod.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(inContainer.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(inPod.exitValue()).isEqualTo(137);
    assertThat(tree.directories(parent)).noneMatch(Files::exists);
    assertThat(tree.directories(root + "/kubepods/besteffort")).allMatch(Files::exists);
    assertThat(await(cgroups.podUids())).isEmpty();
  }

  @Test
  void removingAPodTwiceIsASuccess() {
    await(cgroups.start());
    await(cgroups.ensure(TestPods.pod("b-1", TestPods.container("", ""))));

    await(cgroups.remove("b-1"));
    await(cgroups.remove("b-1"));
    await(cgroups.remove("never-was"));

    assertThat(await(cgroups.podUids())).isEmpty();
  }

  @Test
  void startingAndEnsuringAgainChangesNothing() throws Exception {
    var pod = TestPods.pod("b-1", TestPods.container("cpu=1 memory=64Mi", ""));
    await(cgroups.start());
    var parent = await(cgroups.ensure(pod));
    await(cgroups.updateQos(List.of(pod)));

    await(cgroups.start());
    assertThat(await(cgroups.ensure(pod))).isEqualTo(parent);

    assertThat(tree.directories(parent)).allMatch(Files::isDirectory);
  }

  private Process processIn(String path) throws IOException {
    var process = new ProcessBuilder("sleep", "300").start();
    for (var directory : tree.directories(path)) {
      CgroupFile.write(directory, "cgroup.procs", Long.toString(process.pid()));
    }
    return process;
  }

  private static String value(String mount, String path, String file) throws IOException {
    return RecordedTree.read(CGROUP_FS.resolve(mount), path.substring(1) + "/" + file);
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
