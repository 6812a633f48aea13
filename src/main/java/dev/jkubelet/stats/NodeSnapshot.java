package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerRecord.Kind;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that is measured, after one pass over the machine; immutable but for the histories, which
 * grow.
 *
 * @param time when the pass ended
 * @param containers by cgroup path, sorted; {@code /} is the machine. Empty before the first pass
 * @param nodeFs the file system of {@code --root-dir}
 * @param imageFs the file system of the engine's images; its {@code usage} is the images'
 * @param volumes what pods' volumes occupy, by the pod's UID
 * @param processes threads of the whole machine, and the most there may be; for {@code rlimit}
 */
public record NodeSnapshot(
    Instant time,
    SortedMap<String, ContainerRecord> containers,
    Optional<ContainerSample.Filesystem> nodeFs,
    Optional<ContainerSample.Filesystem> imageFs,
    Map<String, List<VolumeUsage>> volumes,
    Processes processes) {
  /** Before the first pass. */
  public static final NodeSnapshot EMPTY =
      new NodeSnapshot(
          Instant.EPOCH,
          new TreeMap<>(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          new Processes(0, 0));

  public NodeSnapshot {
    containers = Collections.unmodifiableSortedMap(containers);
    volumes = Map.copyOf(volumes);
  }

  /** The machine's processes: {@code current} counts threads, as the kernel does. */
  public record Processes(long max, long current) {}

  /**
   * What one volume occupies.
   *
   * @param name in the pod's spec
   * @param ephemeral whether it counts as the pod's local ephemeral storage
   * @param time when it was looked at
   * @param capacity bytes of the file system it is on, as are {@code available}, {@code inodes},
   *     {@code inodesFree}
   * @param used bytes of its own, as are {@code inodesUsed}
   */
  public record VolumeUsage(
      String name,
      boolean ephemeral,
      Instant time,
      long available,
      long capacity,
      long used,
      long inodesFree,
      long inodes,
      long inodesUsed) {}

  /** The machine; empty before the first pass. */
  public Optional<ContainerRecord> machine() {
    return at("/");
  }

  /** The cgroup at that path. */
  public Optional<ContainerRecord> at(String path) {
    return Optional.ofNullable(containers.get(path));
  }

  /** The cgroups directly below that path, sorted. */
  public Stream<ContainerRecord> children(String path) {
    return below(path).filter(record -> record.parent().equals(path));
  }

  /** The cgroups below that path at any depth, sorted; itself is left out. */
  public Stream<ContainerRecord> below(String path) {
    var prefix = path.equals("/") ? "/" : path + "/";
    return containers.tailMap(prefix).values().stream()
        .takeWhile(record -> record.path().startsWith(prefix))
        .filter(record -> record.path().length() > prefix.length());
  }

  /** The engine's containers and sandboxes. */
  public Stream<ContainerRecord> engineContainers() {
    return containers.values().stream().filter(record -> record.container().isPresent());
  }

  /** The engine's container of that name, id, or beginning of an id. */
  public Optional<ContainerRecord> engineContainer(String nameOrId) {
    return engineContainers()
        .filter(record -> isCalled(record.container().orElseThrow(), nameOrId))
        .findFirst();
  }

  private static boolean isCalled(ContainerRecord.Container container, String nameOrId) {
    return container.dockerName().equals(nameOrId)
        || (!nameOrId.isEmpty() && container.id().startsWith(nameOrId));
  }

  /** The pods' own cgroups. */
  public Stream<ContainerRecord> pods() {
    return containers.values().stream().filter(record -> record.kind() == Kind.POD);
  }
}
