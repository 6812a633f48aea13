package dev.jkubelet.stats;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.EngineContainers.Described;
import dev.jkubelet.stats.MeasuredCgroup.MachineMemory;
import dev.jkubelet.stats.kernel.CgroupMounts;
import dev.jkubelet.stats.kernel.KernelText;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Reads every cgroup that is due, and puts together what is known. Blocks, for some milliseconds
 * with some hundred containers; one pass at a time.
 */
final class Sampler {
  private static final long BYTES_PER_KILOBYTE = 1024;

  private final CgroupMounts mounts;
  private final Path proc;
  private final MeasuredCgroups scope;
  private final EngineContainers engine;
  private final Supplier<DiskUsage> disks;
  private final InstantSource clock;
  private final CgroupDiscovery discovery;
  private final KernelText text = new KernelText();
  private final Map<String, MeasuredCgroup> cgroups = new TreeMap<>();
  private final Map<String, PodKey> podsByUid = new HashMap<>();
  private final MachineMemory memory;

  /** Where the files are; {@code /sys/fs/cgroup} and {@code /proc}. */
  record Places(Path cgroupFs, Path proc) {}

  Sampler(
      Places places,
      MeasuredCgroups scope,
      EngineContainers engine,
      Supplier<DiskUsage> disks,
      InstantSource clock) {
    this.mounts = CgroupMounts.at(places.cgroupFs());
    this.proc = places.proc();
    this.scope = scope;
    this.engine = engine;
    this.disks = disks;
    this.clock = clock;
    this.discovery = new CgroupDiscovery(mounts, scope);
    this.memory = machineMemory();
  }

  /** Reads what is due. */
  synchronized NodeSnapshot pass() {
    discover();
    var used = disks.get();
    cgroups.values().removeIf(cgroup -> isGone(cgroup, used));
    return snapshot(used);
  }

  private void discover() {
    var found = discovery.find();
    cgroups
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !found.containsKey(entry.getKey());
              if (gone) {
                end(entry.getValue());
              }
              return gone;
            });
    found.forEach(
        (path, kind) ->
            cgroups.computeIfAbsent(
                path,
                _ -> new MeasuredCgroup(path, kind, id(path, kind), proc, mounts.open(path))));
  }

  private String id(String path, Kind kind) {
    var folder = path.substring(path.lastIndexOf('/') + 1);
    return switch (kind) {
      case CONTAINER -> CgroupDiscovery.containerId(folder);
      case POD -> scope.podUid().apply(folder).orElse("");
      case MACHINE, GROUP, SANDBOX -> "";
    };
  }

  private boolean isGone(MeasuredCgroup cgroup, DiskUsage used) {
    var now = clock.instant();
    if (!cgroup.isDue(now) || cgroup.read(text, now, described(cgroup), used)) {
      return false;
    }
    end(cgroup);
    return true;
  }

  private void end(MeasuredCgroup cgroup) {
    cgroup.close();
    if (cgroup.kind() == Kind.CONTAINER) {
      engine.forget(cgroup.id());
    }
  }

  private Optional<Described> described(MeasuredCgroup cgroup) {
    return cgroup.kind() == Kind.CONTAINER ? engine.of(cgroup.id()) : Optional.empty();
  }

  private NodeSnapshot snapshot(DiskUsage used) {
    var described = new HashMap<MeasuredCgroup, Optional<Described>>();
    for (var cgroup : cgroups.values()) {
      var found = described(cgroup);
      described.put(cgroup, found);
      found.ifPresent(container -> podsByUid.put(container.pod().uid(), container.pod()));
    }
    var records = new TreeMap<String, ContainerRecord>();
    cgroups.forEach(
        (path, cgroup) ->
            cgroup
                .record(pod(cgroup, described.get(cgroup)), described.get(cgroup), memory)
                .ifPresent(record -> records.put(path, record)));
    forgetPods();
    return new NodeSnapshot(
        clock.instant(), records, used.nodeFs(), used.imageFs(), used.volumes(), processes());
  }

  private Optional<PodKey> pod(MeasuredCgroup cgroup, Optional<Described> described) {
    return cgroup.kind() == Kind.POD
        ? Optional.ofNullable(podsByUid.get(cgroup.id()))
        : described.map(Described::pod);
  }

  private void forgetPods() {
    if (podsByUid.size() > 2 * cgroups.size()) {
      podsByUid.clear();
    }
  }

  private NodeSnapshot.Processes processes() {
    long max = 0;
    if (text.read(proc.resolve("sys/kernel/pid_max")) && text.nextLine()) {
      max = text.number();
    }
    long current = 0;
    // 0.52 0.58 0.59 2/1716 12345: the threads that run, and all.
    if (text.read(proc.resolve("loadavg")) && text.nextLine() && text.skipPast('/')) {
      current = text.number();
    }
    return new NodeSnapshot.Processes(max, current);
  }

  private MachineMemory machineMemory() {
    long bytes = 0;
    long swap = 0;
    if (text.read(proc.resolve("meminfo"))) {
      while (text.nextLine()) {
        var key = text.until(':');
        if (key.equals("MemTotal")) {
          bytes = text.number() * BYTES_PER_KILOBYTE;
        } else if (key.equals("SwapTotal")) {
          swap = text.number() * BYTES_PER_KILOBYTE;
        }
      }
    }
    return new MachineMemory(bytes, swap);
  }
}
