package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.jkubelet.cgroup.CgroupDriver;
import dev.jkubelet.cgroup.NodeBounds;
import dev.jkubelet.cgroup.PodCgroupSettings;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.ContainerSample.Cpu;
import dev.jkubelet.stats.ContainerSample.Disk;
import dev.jkubelet.stats.ContainerSample.Memory;
import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import dev.jkubelet.stats.ContainerSample.Processes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerTest {
  private static final PodKey WEB = new PodKey("golden", "web", CgroupFixture.POD_UID);
  private static final String HTTPD = CgroupFixture.POD + "/" + CgroupFixture.ID;
  private static final String BOX = CgroupFixture.POD + "/" + CgroupFixture.BOX;

  @TempDir private Path folder;
  private CgroupFixture cgroups;
  private final MovingClock clock = new MovingClock("2026-11-24T10:00:00Z");
  private final Engine engine = new Engine();

  /** Knows what it is told. */
  private static final class Engine implements EngineContainers {
    private final Map<String, Described> known = new HashMap<>();

    void knows(String id, String name, boolean sandbox) {
      known.put(
          id,
          new Described(
              WEB,
              sandbox,
              new ContainerRecord.Container(id, name, "k8s_" + name, 0),
              Instant.parse("2026-11-24T09:00:00Z"),
              Map.of("a", "b"),
              "busybox",
              Optional.empty(),
              Optional.empty()));
    }

    @Override
    public Optional<Described> of(String id) {
      return Optional.ofNullable(known.get(id));
    }

    @Override
    public List<Described> known() {
      return List.copyOf(known.values());
    }

    @Override
    public void forget(String id) {
      known.remove(id);
    }
  }

  @BeforeEach
  void layOutTheMachine() {
    cgroups = new CgroupFixture(folder);
  }

  private Sampler sampler() {
    return sampler(
        "/kubepods",
        name -> name.startsWith("pod") ? Optional.of(name.substring(3)) : Optional.empty());
  }

  private Sampler sampler(String pods, Function<String, Optional<String>> podUid) {
    return new Sampler(
        new Sampler.Places(cgroups.cgroupFs(), cgroups.proc()),
        new MeasuredCgroups(pods, Optional.empty(), Optional.empty(), podUid),
        engine,
        () -> DiskUsage.NONE,
        clock);
  }

  private Sampler busy() {
    cgroups.v1();
    engine.knows(CgroupFixture.ID, "httpd", false);
    engine.knows(CgroupFixture.BOX, "POD", true);
    return sampler();
  }

  private NodeSnapshot after(Sampler sampler, Duration time) {
    clock.move(time);
    return sampler.pass();
  }

  private static ContainerRecord at(NodeSnapshot snapshot, String path) {
    return snapshot.at(path).orElseThrow();
  }

  @Test
  void readsCgroupVersionOne() {
    var snapshot = busy().pass();

    var httpd = at(snapshot, HTTPD);
    int cores = Math.min(2, Runtime.getRuntime().availableProcessors());
    assertThat(httpd.latest().cpu())
        .isEqualTo(
            new Cpu(
                2_510_426_957L,
                550_000_000,
                1_950_000_000,
                LongValues.of(new long[] {1_289_532_941, 1_220_894_016}, cores),
                1196,
                7,
                195_082_690));
    assertThat(httpd.latest().memory())
        .isEqualTo(
            new Memory(397_312, 2_592_768, 8192, 49_152, 12_288, 4096, 393_216, 5, 91_268, 3));
    assertThat(httpd.latest().disks()).containsExactly(new Disk(999, 1, "999:1", 4096, 8192, 1, 2));
    assertThat(httpd.latest().processes()).isEqualTo(new Processes(2, 4, 0, 0, 0, 0));
    assertThat(httpd.spec())
        .isEqualTo(
            new ContainerSpec(
                Instant.parse("2026-11-24T09:00:00Z"),
                true,
                51,
                20_000,
                100_000,
                "0-1",
                true,
                67_108_864,
                ContainerSpec.NO_LIMIT,
                67_108_864,
                Map.of("a", "b"),
                "busybox"));
    assertThat(httpd.latest().time()).isEqualTo(clock.instant());
  }

  @Test
  void readsCgroupVersionTwo() {
    for (var path : List.of("/", "/kubepods", "/kubepods/burstable", CgroupFixture.POD)) {
      cgroups.v2(path, "");
    }
    cgroups.v2(HTTPD, "78\n");
    engine.knows(CgroupFixture.ID, "httpd", false);

    var httpd = at(sampler().pass(), HTTPD);

    assertThat(httpd.latest().cpu())
        .isEqualTo(
            new Cpu(
                2_510_426_000L, 550_000_000, 1_950_000_000, LongValues.NONE, 1196, 7, 195_082_000));
    assertThat(httpd.latest().memory())
        .isEqualTo(
            new Memory(397_312, 2_592_768, 8192, 49_152, 12_288, 4096, 393_216, 5, 91_268, 3));
    assertThat(httpd.latest().disks()).containsExactly(new Disk(999, 1, "999:1", 4096, 8192, 1, 2));
    assertThat(httpd.spec().cpuShares()).isEqualTo(28);
    assertThat(httpd.spec().cpuQuota()).isEqualTo(20_000);
    assertThat(httpd.spec().memoryLimit()).isEqualTo(67_108_864);
    assertThat(ContainerSpec.limited(httpd.spec().swapLimit())).isZero();
  }

  @Test
  void tellsTheSandboxsNetworkAndOpenFiles() {
    var box = at(busy().pass(), BOX);

    assertThat(box.kind()).isEqualTo(Kind.SANDBOX);
    assertThat(box.latest().network())
        .containsExactly(new NetworkInterface("eth0", 195_960, 1510, 1, 2, 237_816, 1600, 3, 4));
    assertThat(box.latest().processes()).isEqualTo(new Processes(1, 4, 0, 2, 1, 20_000));
  }

  @Test
  void countsOpenFilesAnewOnceAProcessorWasUsed() throws IOException {
    var sampler = busy();
    sampler.pass();
    Files.createSymbolicLink(cgroups.proc().resolve("77/fd/4"), Path.of("socket:[124]"));

    assertThat(at(after(sampler, Duration.ofSeconds(30)), BOX).latest().processes())
        .returns(1L, Processes::sockets);

    cgroups.file("cpuacct", BOX, "cpuacct.usage_percpu", "1289532942 1220894016 \n");
    assertThat(at(after(sampler, Duration.ofSeconds(30)), BOX).latest().processes())
        .returns(2L, Processes::sockets);
  }

  @Test
  void namesAPodsCgroupAfterItsContainers() {
    var snapshot = busy().pass();

    assertThat(at(snapshot, CgroupFixture.POD).kind()).isEqualTo(Kind.POD);
    assertThat(at(snapshot, CgroupFixture.POD).pod()).contains(WEB);
    assertThat(at(snapshot, "/kubepods").kind()).isEqualTo(Kind.GROUP);
    assertThat(at(snapshot, "/").spec().memoryLimit()).isEqualTo(24_683_656L * 1024);
    assertThat(snapshot.processes()).isEqualTo(new NodeSnapshot.Processes(32_768, 1716));
  }

  @Test
  void leavesOutAContainerUntilTheEngineHasTold() {
    var sampler = busy();
    engine.forget(CgroupFixture.ID);
    assertThat(sampler.pass().at(HTTPD)).isEmpty();

    engine.knows(CgroupFixture.ID, "httpd", false);

    assertThat(after(sampler, Duration.ofSeconds(1)).at(HTTPD)).isPresent();
  }

  @Test
  void readsAnIdleContainerLessAndLessOften() {
    var sampler = busy();
    var seconds = IntStream.rangeClosed(0, 60).filter(_ -> isReadAt(sampler)).boxed().toList();

    assertThat(seconds).containsExactly(0, 1, 3, 7, 15, 30, 45, 60);
  }

  /** After a pass, a second later: whether it read the container. */
  private boolean isReadAt(Sampler sampler) {
    boolean read = at(sampler.pass(), HTTPD).latest().time().equals(clock.instant());
    clock.move(Duration.ofSeconds(1));
    return read;
  }

  @Test
  void readsABusyContainerEachSecondAndKnowsItsRate() {
    var sampler = busy();
    sampler.pass();
    for (int i = 1; i <= 200; i++) {
      cgroups.file(
          "cpuacct", HTTPD, "cpuacct.usage_percpu", (1_000_000_000L + i * 250_000_000L) + " 0\n");
      after(sampler, Duration.ofSeconds(1));
    }

    var httpd = at(sampler.pass(), HTTPD);

    assertThat(httpd.nanoCores()).contains(250_000_000L);
    assertThat(httpd.history().samples()).hasSize(SampleHistory.CAPACITY);
    assertThat(httpd.history().samples().getLast()).isEqualTo(httpd.latest());
  }

  @Test
  void startsAnewWithAContainerThatWasStartedAgain() {
    var sampler = busy();
    var first = at(sampler.pass(), HTTPD);
    cgroups.remove(HTTPD);

    assertThat(after(sampler, Duration.ofSeconds(1)).at(HTTPD)).isEmpty();

    cgroups.v1(HTTPD, "80\n");
    engine.knows(CgroupFixture.ID, "httpd", false);
    var second = at(after(sampler, Duration.ofSeconds(1)), HTTPD);
    assertThat(second.history()).isNotSameAs(first.history());
    assertThat(second.history().samples()).hasSize(1);
  }

  @Test
  void seesWhatComesAndGoes() {
    var sampler = busy();
    sampler.pass();
    var other = "/kubepods/podother";

    cgroups.v1(other, "");
    assertThat(after(sampler, Duration.ofSeconds(1)).at(other)).isPresent();

    cgroups.remove(other);
    cgroups.v1("/kubepods/podthird", "");
    assertThat(after(sampler, Duration.ofSeconds(1)).at("/kubepods/podthird")).isPresent();

    cgroups.remove(CgroupFixture.POD);
    var left = after(sampler, Duration.ofSeconds(1)).containers().keySet();
    assertThat(left).containsExactly("/", "/kubepods", "/kubepods/burstable", "/kubepods/podthird");
  }

  @Test
  void knowsSystemdsNames() {
    var slice = "/kubepods.slice/kubepods-burstable.slice";
    var pod = slice + "/kubepods-burstable-pod12ab_34cd.slice";
    var scope = pod + "/docker-" + CgroupFixture.ID + ".scope";
    for (var path : List.of("/", "/kubepods.slice", slice, pod)) {
      cgroups.v2(path, "");
    }
    cgroups.v2(scope, "78\n");
    engine.knows(CgroupFixture.ID, "httpd", false);
    var settings =
        new PodCgroupSettings(
            cgroups.cgroupFs(),
            true,
            "/",
            CgroupDriver.SYSTEMD,
            new NodeBounds(2000, 1L << 30, 1000),
            0,
            true,
            100_000);

    var snapshot = sampler(settings.kubepods(), settings::podUid).pass();

    assertThat(at(snapshot, slice).kind()).isEqualTo(Kind.GROUP);
    assertThat(at(snapshot, pod).kind()).isEqualTo(Kind.POD);
    assertThat(at(snapshot, scope).kind()).isEqualTo(Kind.CONTAINER);
    assertThat(at(snapshot, scope).container().orElseThrow().id()).isEqualTo(CgroupFixture.ID);
    assertThat(at(snapshot, scope).latest().memory().usage()).isEqualTo(397_312);
  }

  @Test
  void twoThousandBirthsAndDeathsLeaveNothingBehind() throws IOException {
    var sampler = busy();
    liveAndDie(sampler, 200);
    long files = openFiles();
    long before = liveBytes();

    liveAndDie(sampler, 2000);

    assertThat(after(sampler, Duration.ofSeconds(1)).containers()).hasSize(6);
    assertThat(engine.known()).hasSize(2);
    assertThat(openFiles()).isLessThanOrEqualTo(files);
    // One reading of each that stayed would take twice as much.
    assertThat(liveBytes() - before).isLessThan(1 << 20);
  }

  /** Twenty at a time, each seen twice. */
  private void liveAndDie(Sampler sampler, int containers) {
    for (int born = 0; born < containers; born += 20) {
      var batch = IntStream.range(born, born + 20).mapToObj("%064x"::formatted).toList();
      for (var id : batch) {
        engine.knows(id, "short", false);
        cgroups.file("cpu", CgroupFixture.POD + "/" + id, "cgroup.procs", "");
        cgroups.file("cpuacct", CgroupFixture.POD + "/" + id, "cpuacct.usage_percpu", "1 2 \n");
      }
      after(sampler, Duration.ofSeconds(1));
      assertThat(after(sampler, Duration.ofSeconds(1)).containers()).hasSize(26);
      batch.forEach(id -> cgroups.remove(CgroupFixture.POD + "/" + id));
      after(sampler, Duration.ofSeconds(1));
    }
  }

  private static long openFiles() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  /** What is reachable, whatever else this machine does meanwhile. */
  private static long liveBytes() {
    var memory = ManagementFactory.getMemoryMXBean();
    return IntStream.range(0, 5)
        .mapToLong(
            _ -> {
              memory.gc();
              return memory.getHeapMemoryUsage().getUsed();
            })
        .min()
        .orElseThrow();
  }

  @Test
  void makesLittleGarbage() {
    var sampler = busy();
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 300; i++) {
      after(sampler, Duration.ofSeconds(15));
    }

    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      after(sampler, Duration.ofSeconds(15));
    }
    long perPass = (threads.getCurrentThreadAllocatedBytes() - before) / 100;

    // Six cgroups, all read with their processes, limits and folders: what is due rarely.
    assertThat(perPass).isLessThan(6 * 64 * 1024);
  }
}
