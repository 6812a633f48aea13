package dev.jkubelet.node.eviction;

import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.NodeSnapshot;
import dev.jkubelet.stats.NodeSnapshot.VolumeUsage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod takes of the node.
 *
 * @param memory working set of the pod's cgroup, bytes; empty when it was not measured
 * @param containers by name
 * @param volumes those that count as the pod's ephemeral storage
 */
record PodUsage(
    Optional<Long> memory,
    long processes,
    Map<String, OfContainer> containers,
    List<VolumeUsage> volumes) {

  /**
   * What one container takes.
   *
   * @param memory working set, bytes
   * @param layer bytes it changed in its image
   * @param logs bytes
   * @param inodes of its layer
   */
  record OfContainer(long memory, long layer, long logs, long inodes) {}

  /** Where a pod's files are: on which of the node's two file systems, if there are two. */
  enum Place {
    LAYERS,
    LOGS_AND_VOLUMES,
    ALL
  }

  /** By the pod's UID. */
  static Map<String, PodUsage> of(NodeSnapshot snapshot) {
    var usages = new HashMap<String, PodUsage>();
    snapshot
        .containers()
        .values()
        .forEach(
            record ->
                record
                    .pod()
                    .ifPresent(
                        pod ->
                            usages.merge(
                                pod.uid(),
                                only(record, ephemeral(snapshot, pod.uid())),
                                PodUsage::and)));
    snapshot
        .volumes()
        .keySet()
        .forEach(
            uid ->
                usages.putIfAbsent(
                    uid, new PodUsage(Optional.empty(), 0, Map.of(), ephemeral(snapshot, uid))));
    return usages;
  }

  private static List<VolumeUsage> ephemeral(NodeSnapshot snapshot, String uid) {
    return snapshot.volumes().getOrDefault(uid, List.of()).stream()
        .filter(VolumeUsage::ephemeral)
        .toList();
  }

  private static PodUsage only(ContainerRecord record, List<VolumeUsage> volumes) {
    var sample = record.latest();
    return switch (record.kind()) {
      case POD ->
          new PodUsage(
              Optional.of(sample.memory().workingSet()),
              sample.processes().processes(),
              Map.of(),
              volumes);
      case CONTAINER ->
          new PodUsage(
              Optional.empty(),
              0,
              Map.of(
                  record.container().orElseThrow().name(),
                  container(
                      sample.memory().workingSet(), sample.filesystems().stream().findFirst())),
              volumes);
      case SANDBOX, MACHINE, GROUP -> new PodUsage(Optional.empty(), 0, Map.of(), volumes);
    };
  }

  private static OfContainer container(long memory, Optional<Filesystem> files) {
    return files
        .map(f -> new OfContainer(memory, f.baseUsage(), f.usage() - f.baseUsage(), f.inodesUsed()))
        .orElseGet(() -> new OfContainer(memory, 0, 0, 0));
  }

  private PodUsage and(PodUsage other) {
    var both = new HashMap<>(containers);
    both.putAll(other.containers);
    return new PodUsage(
        memory.or(other::memory), processes + other.processes, Map.copyOf(both), volumes);
  }

  /** Bytes on disk. */
  long disk(Place place) {
    long layers = containers.values().stream().mapToLong(OfContainer::layer).sum();
    long others =
        containers.values().stream().mapToLong(OfContainer::logs).sum()
            + volumes.stream().mapToLong(VolumeUsage::used).sum();
    return switch (place) {
      case LAYERS -> layers;
      case LOGS_AND_VOLUMES -> others;
      case ALL -> layers + others;
    };
  }

  long inodes(Place place) {
    long layers = containers.values().stream().mapToLong(OfContainer::inodes).sum();
    long others = volumes.stream().mapToLong(VolumeUsage::inodesUsed).sum();
    return switch (place) {
      case LAYERS -> layers;
      case LOGS_AND_VOLUMES -> others;
      case ALL -> layers + others;
    };
  }
}
