package dev.jkubelet.stats;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import dev.jkubelet.stats.ContainerSample.Processes;
import dev.jkubelet.stats.EngineContainers.Described;
import dev.jkubelet.stats.kernel.CgroupFiles;
import dev.jkubelet.stats.kernel.KernelText;
import dev.jkubelet.stats.kernel.NetworkCounters;
import dev.jkubelet.stats.kernel.OpenFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One cgroup while it is there: its open files, what was read of them, and when to read next. */
final class MeasuredCgroup implements AutoCloseable {
  /** How long what is dear to read, and changes rarely, counts. */
  private static final Duration SLOW = Duration.ofSeconds(10);

  private final String path;
  private final Kind kind;
  private final String id;
  private final Path proc;
  private final CgroupFiles files;
  private final Instant created;
  private final SampleHistory history = new SampleHistory();
  private Duration distance = Housekeeping.LEAST;
  private Instant due = Instant.MIN;
  private Instant slowDue = Instant.MIN;
  private OpenFiles openFiles = OpenFiles.NONE;
  private long openFilesCpu = -1;
  private CgroupFiles.Limits limits;
  private Optional<ContainerSample> latest = Optional.empty();
  private Optional<ContainerRecord> record = Optional.empty();

  /**
   * One that is there.
   *
   * @param kind whether a container is a sandbox is not known at first
   * @param id the engine's id of a container, a pod's UID; empty of everything else
   */
  MeasuredCgroup(String path, Kind kind, String id, Path proc, CgroupFiles files) {
    this.path = path;
    this.kind = kind;
    this.id = id;
    this.proc = proc;
    this.files = files;
    this.created = files.created();
  }

  Kind kind() {
    return kind;
  }

  /** The engine's id of a container, a pod's UID; empty of everything else. */
  String id() {
    return id;
  }

  boolean isDue(Instant now) {
    return !due.isAfter(now);
  }

  /** Reads it; false when the cgroup is gone. */
  boolean read(KernelText text, Instant now, Optional<Described> described, DiskUsage disks) {
    var usage = files.usage(text);
    if (usage.isEmpty()) {
      return false;
    }
    var used = usage.get();
    if (!slowDue.isAfter(now)) {
      countOpenFiles(text, used.cpu().total());
      limits = files.limits(text);
      slowDue = now.plus(SLOW);
      record = Optional.empty();
    }
    var sample =
        new ContainerSample(
            now.getEpochSecond() * 1_000_000_000 + now.getNano(),
            used.cpu(),
            used.memory(),
            network(text, described),
            used.disks(),
            filesystems(described, disks),
            new Processes(
                openFiles.processes(),
                used.threads(),
                limits.threads(),
                openFiles.files(),
                openFiles.sockets(),
                openFiles.maxOpenFiles()));
    boolean changed = latest.map(before -> Housekeeping.changed(before, sample)).orElse(true);
    distance = Housekeeping.next(distance, changed);
    due = now.plus(distance);
    latest = Optional.of(sample);
    record = Optional.empty();
    history.add(sample);
    return true;
  }

  /** Who took no time of a processor since then has opened nothing, nor closed. */
  private void countOpenFiles(KernelText text, long cpu) {
    if (cpu != openFilesCpu) {
      openFiles = OpenFiles.of(proc, files, kind != Kind.GROUP && kind != Kind.POD, text);
      openFilesCpu = cpu;
    }
  }

  /** The sandbox owns the pod's network namespace. */
  private List<NetworkInterface> network(KernelText text, Optional<Described> described) {
    if (kind == Kind.MACHINE) {
      return NetworkCounters.of(proc, "1", text);
    }
    return described
        .filter(Described::sandbox)
        .flatMap(_ -> files.firstProcess(text))
        .map(pid -> NetworkCounters.of(proc, pid, text))
        .orElse(List.of());
  }

  private List<Filesystem> filesystems(Optional<Described> described, DiskUsage disks) {
    if (kind == Kind.MACHINE) {
      return disks.machine();
    }
    return described
        .map(found -> disks.containers().get(found.container().id()))
        .map(List::of)
        .orElse(List.of());
  }

  /**
   * What there is to tell; empty before the first reading, and of a container nobody knows yet.
   *
   * @param pod whose it is
   */
  Optional<ContainerRecord> record(
      Optional<PodKey> pod, Optional<Described> described, MachineMemory machine) {
    if (latest.isEmpty() || (kind == Kind.CONTAINER && described.isEmpty())) {
      return Optional.empty();
    }
    if (record.isEmpty() || !record.get().pod().equals(pod)) {
      record =
          Optional.of(
              new ContainerRecord(
                  path,
                  described.map(Described::sandbox).orElse(false) ? Kind.SANDBOX : kind,
                  pod,
                  described.map(Described::container),
                  spec(described, machine),
                  latest.get(),
                  history));
    }
    return record;
  }

  /** The machine's memory bounds the root, which has no limit of its own. */
  private ContainerSpec spec(Optional<Described> described, MachineMemory machine) {
    boolean root = kind == Kind.MACHINE;
    return new ContainerSpec(
        described.map(Described::created).orElse(created),
        limits.hasCpu(),
        limits.cpuShares(),
        limits.cpuQuota(),
        limits.cpuPeriod(),
        limits.cpuMask(),
        limits.hasMemory(),
        root ? machine.bytes() : limits.memory(),
        limits.memoryReservation(),
        root ? machine.swapBytes() : limits.swap(),
        described.map(Described::labels).orElse(Map.of()),
        described.map(Described::image).orElse(""));
  }

  /** What the machine has. */
  record MachineMemory(long bytes, long swapBytes) {}

  @Override
  public void close() {
    files.close();
  }
}
