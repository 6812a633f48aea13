package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  private static final String NOON = "2026-11-23T13:21:32.596271311Z";

  @TempDir private Path root;
  private final Queue<Runnable> pending = new ArrayDeque<>();
  private final MovingClock clock = new MovingClock(NOON);

  @Test
  void describesARecordedMachineByteForByteAsTheKubeletDid() throws Exception {
    var machine = machine(Recorded.machine(root));

    assertThat(new String(machine.specJson(), StandardCharsets.UTF_8))
        .isEqualTo(Recorded.text("golden-spec.json"));
  }

  @Test
  void tellsTheTimeToCadvisorsClientsInOneLine() throws Exception {
    var machine = machine(Recorded.machine(root));

    var json = new String(machine.cadvisorJson(), StandardCharsets.UTF_8);

    assertThat(json)
        .startsWith("{\"timestamp\":\"2026-11-23T13:21:32.596271311Z\",\"num_cores\":2,")
        .endsWith(",\"instance_id\":\"None\"}");
    assertThat(new ObjectMapper().readTree(json.replace(NOON, MachineInfo.NO_TIME)))
        .isEqualTo(new ObjectMapper().readTree(Recorded.text("golden-spec.json")));
  }

  @Test
  void readsAgainBehindWhoeverAsksAfterFiveMinutes() throws Exception {
    var machine = machine(Recorded.machine(root));
    Recorded.write(root, "sys/class/net/eth1/mtu", "9000\n");

    clock.move(Duration.ofMinutes(5));
    assertThat(machine.info().networkDevices()).hasSize(4);
    assertThat(pending).isEmpty();

    clock.move(Duration.ofMinutes(1));
    assertThat(machine.info().networkDevices()).hasSize(4);
    assertThat(machine.info().networkDevices()).hasSize(4);
    assertThat(pending).hasSize(1);

    pending.remove().run();
    assertThat(machine.info().networkDevices()).hasSize(5);
    assertThat(machine.readAt()).isEqualTo(clock.instant());
  }

  @Test
  void takesSocketsForNodesWhereThereIsNoNuma() throws Exception {
    Recorded.machine(root);
    Files.move(root.resolve("sys/devices/system/node"), root.resolve("moved"));

    var info = machine(root).info();

    assertThat(info.numCores()).isEqualTo(2);
    assertThat(info.topology())
        .hasSize(1)
        .first()
        .satisfies(
            node -> {
              assertThat(node.cores()).hasSize(2);
              assertThat(node.hugePages()).isNull();
            });
  }

  @Test
  void joinsTheThreadsOfACoreAndLeavesOutCpusThatAreOff() throws Exception {
    Recorded.machine(root);
    Recorded.write(root, "sys/devices/system/cpu/cpu1/topology/core_id", "0\n");
    Recorded.write(root, "sys/devices/system/node/node0/cpu2/uevent", "");
    Recorded.write(root, "sys/devices/system/cpu/cpu2/topology/core_id", "1\n");
    Recorded.write(root, "sys/devices/system/cpu/cpu2/online", "0\n");

    var node = machine(root).info().topology().getFirst();

    assertThat(node.cores()).hasSize(1);
    assertThat(node.cores().getFirst().threads()).containsExactly(0, 1);
  }

  @Test
  void countsEachOverlayAndNoBindMountAndSurvivesGarbage() throws Exception {
    Recorded.write(
        root,
        "proc/self/mountinfo",
        """
        1 0 0:98 / / rw - overlay overlay rw,lowerdir=/a
        2 1 0:99 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw
        3 1 8:1 / /data\\040disk rw master:1 - xfs /dev/sda1 rw
        4 1 8:1 /sub /elsewhere rw - xfs /dev/sda1 rw
        5 1 0:5 / /net rw - nfs4 server:/x rw
        garbage
        6 1 0:6 / /short rw -
        """);

    assertThat(machine(root).info().filesystems())
        .extracting(MachineInfo.Filesystem::device)
        .containsExactly("overlay_0-98", "overlay_0-99", "/dev/sda1", "overlay");
  }

  @Test
  void saysLittleOfAMachineThatTellsNothing() {
    var info = machine(root).info();

    assertThat(info.numCores()).isZero();
    assertThat(info.machineId()).isEmpty();
    assertThat(info.filesystems()).isNull();
    assertThat(info.topology()).isEmpty();
    assertThat(info.cloudProvider()).isEqualTo("Unknown");
  }

  @Test
  void knowsCloudsByTheirFirmware() throws Exception {
    Recorded.write(root, "sys/class/dmi/id/product_name", "Google Compute Engine\n");

    assertThat(machine(root).info().cloudProvider()).isEqualTo("GCE");
  }

  @Test
  void readsThisMachine() {
    var info =
        Machine.hostLater(Clock.systemUTC(), Runnable::run).toCompletableFuture().join().info();

    assertThat(info.numCores()).isPositive();
    assertThat(info.memoryCapacity()).isGreaterThan(1L << 28);
    assertThat(info.filesystems()).anySatisfy(fs -> assertThat(fs.capacity()).isPositive());
    assertThat(info.bootId()).hasSize(36);
  }

  @Test
  void readsASysctlWhole() {
    var host = new HostFiles(Path.of("/"));

    assertThat(host.number("proc/sys/kernel/pid_max").orElseThrow()).isGreaterThan(300);
  }

  @Test
  void asksTheKernelHowFullAFileSystemIs() throws Exception {
    var space = DiskSpace.of(root).orElseThrow();
    var store = Files.getFileStore(root);

    assertThat(space.capacity()).isEqualTo(store.getTotalSpace());
    assertThat(space.available()).isBetween(0L, space.free());
    assertThat(space.inodes()).isGreaterThanOrEqualTo(space.inodesFree());
    assertThat(DiskSpace.of(root.resolve("absent"))).isEmpty();
  }

  @Test
  void exposesTheMachineAsCadvisorDoes() throws Exception {
    var metrics =
        new CadvisorMetrics(
            new Still(NodeSnapshot.EMPTY),
            machine(Recorded.machine(root)),
            () -> "20.10.24+dfsg1",
            new BuildInfo("0", "38", "0.38.7+ds1", "0.38.7+ds1-2+b7", "", ""),
            clock,
            root);

    var lines =
        new String(metrics.render(MetricsFormat.TEXT), StandardCharsets.UTF_8)
            .replace(Long.toString(clock.millis()), "1795440092596")
            .lines()
            .filter(line -> !line.matches("(# (HELP|TYPE) )?(process|container)_.*"))
            .toList();

    assertThat(lines)
        .containsExactlyElementsOf(
            Recorded.text("cadvisor-machine-metrics.txt")
                .lines()
                .filter(line -> !line.contains(" process_"))
                .toList());
  }

  private Machine machine(Path at) {
    return Machine.at(at, Recorded::space, clock, pending::add);
  }
}
