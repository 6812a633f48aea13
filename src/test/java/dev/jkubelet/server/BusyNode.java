package dev.jkubelet.server;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.server.cadvisor.RecordedNode;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.ContainerSample;
import dev.jkubelet.stats.ContainerSpec;
import dev.jkubelet.stats.LongValues;
import dev.jkubelet.stats.NodeSnapshot;
import dev.jkubelet.stats.SampleHistory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node with one pod, busy for two minutes; names are as nasty as an engine would let them be. */
final class BusyNode {
  static final String POD = "/kubepods/burstable/pod1234";
  static final String CONTAINER = POD + "/c0ffee";
  static final String NASTY = "<script>document.title='owned'</script>";

  private static final long SECOND = 1_000_000_000;
  private static final long MIB = 1 << 20;

  private BusyNode() {}

  static NodeSnapshot snapshot() {
    return snapshot(0);
  }

  /** So many seconds later. */
  static NodeSnapshot snapshot(int later) {
    var pod = Optional.of(new PodKey("default", "web", "1234"));
    return RecordedNode.of(
        record("/", Kind.MACHINE, Optional.empty(), Optional.empty(), 8, true, later),
        record("/kubepods", Kind.GROUP, Optional.empty(), Optional.empty(), 4, false, later),
        record(
            "/kubepods/burstable", Kind.GROUP, Optional.empty(), Optional.empty(), 4, false, later),
        record(POD, Kind.POD, pod, Optional.empty(), 4, false, later),
        record(POD + "/5a", Kind.SANDBOX, pod, container("5a", "POD"), 1, true, later),
        record(CONTAINER, Kind.CONTAINER, pod, container("c0ffee", "httpd"), 3, false, later));
  }

  private static Optional<ContainerRecord.Container> container(String id, String name) {
    return Optional.of(
        new ContainerRecord.Container(id, name, "k8s_" + name + "_web_default_1234_0", 2));
  }

  private static ContainerRecord record(
      String path,
      Kind kind,
      Optional<PodKey> pod,
      Optional<ContainerRecord.Container> container,
      int load,
      boolean network,
      int later) {
    var history = new SampleHistory();
    ContainerSample latest = null;
    double cpu = load * SECOND;
    double bytes = 0;
    for (int second = later; second < later + SampleHistory.CAPACITY; second++) {
      double wave = 1 + 0.5 * Math.sin(second / 9.0) + 0.2 * Math.sin(second / 2.3);
      cpu += wave * load * SECOND / 12;
      bytes += wave * load * 40_000;
      latest = sample(second, (long) cpu, (long) bytes, wave, load, network);
      history.add(latest);
    }
    return new ContainerRecord(
        path,
        kind,
        pod,
        container,
        new ContainerSpec(
            Instant.parse("2026-11-23T13:00:00Z"),
            true,
            512,
            container.isPresent() ? 50_000 : 0,
            100_000,
            "0-1",
            true,
            container.isPresent() ? 96 * MIB : ContainerSpec.NO_LIMIT,
            ContainerSpec.NO_LIMIT,
            0,
            container.isPresent() ? Map.of("note", NASTY) : Map.of(),
            container.isPresent() ? "busybox:1.36" : ""),
        latest,
        history);
  }

  private static ContainerSample sample(
      int second, long cpu, long bytes, double wave, int load, boolean network) {
    long memory = (long) (20 * MIB * load * (1 + wave / 20));
    return new ContainerSample(
        (1_800_000_000L + second) * SECOND,
        new ContainerSample.Cpu(
            cpu,
            cpu * 6 / 10,
            cpu * 4 / 10,
            LongValues.of(cpu * 55 / 100, cpu * 45 / 100),
            0,
            0,
            0),
        new ContainerSample.Memory(
            memory + 5 * MIB, memory + 9 * MIB, 6 * MIB, memory - 4 * MIB, 0, 0, memory, 0, 1, 0),
        network
            ? List.of(
                new ContainerSample.NetworkInterface(
                    "eth0", bytes, bytes / 900, 0, 0, bytes / 3, bytes / 2000, 0, 0))
            : List.of(),
        List.of(new ContainerSample.Disk(254, 0, "/dev/vda", bytes / 5, bytes / 2, 10, 20)),
        List.of(
            new ContainerSample.Filesystem(
                "/dev/vda",
                "vfs",
                250L << 30,
                (load * 5L) << 30,
                2L << 30,
                200L << 30,
                1L << 24,
                1L << 23,
                0,
                ContainerSample.DeviceIo.NONE)),
        new ContainerSample.Processes(load, load * 3L, 0, load * 7L, load, 1024));
  }
}
