package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerSample.Filesystem;
import java.time.Instant;
import java.util.Optional;

/**
 * How much of what can run out is left, under the names of the kubelet's eviction signals. Empty is
 * what is not known yet.
 */
public record EvictionSignals(
    Optional<Signal> memoryAvailable,
    Optional<Signal> allocatableMemoryAvailable,
    Optional<Signal> nodefsAvailable,
    Optional<Signal> nodefsInodesFree,
    Optional<Signal> imagefsAvailable,
    Optional<Signal> imagefsInodesFree,
    Optional<Signal> pidAvailable) {
  /**
   * One observation.
   *
   * @param available bytes, inodes, or processes
   * @param capacity of the same
   * @param time when it was observed
   */
  public record Signal(long available, long capacity, Instant time) {}

  /**
   * What a snapshot says.
   *
   * @param pods the cgroup around all pods; its limit is what is allocatable
   */
  public static EvictionSignals of(NodeSnapshot snapshot, String pods) {
    return new EvictionSignals(
        snapshot.machine().flatMap(EvictionSignals::memory),
        snapshot.at(pods).flatMap(EvictionSignals::memory),
        snapshot.nodeFs().map(fs -> bytes(fs, snapshot.time())),
        snapshot.nodeFs().map(fs -> inodes(fs, snapshot.time())),
        snapshot.imageFs().map(fs -> bytes(fs, snapshot.time())),
        snapshot.imageFs().map(fs -> inodes(fs, snapshot.time())),
        Optional.of(snapshot.processes())
            .filter(processes -> processes.max() > 0)
            .map(p -> new Signal(p.max() - p.current(), p.max(), snapshot.time())));
  }

  private static Optional<Signal> memory(ContainerRecord record) {
    long limit = ContainerSpec.limited(record.spec().memoryLimit());
    var sample = record.latest();
    return limit == 0
        ? Optional.empty()
        : Optional.of(new Signal(limit - sample.memory().workingSet(), limit, sample.time()));
  }

  private static Signal bytes(Filesystem fs, Instant time) {
    return new Signal(fs.available(), fs.capacity(), time);
  }

  private static Signal inodes(Filesystem fs, Instant time) {
    return new Signal(fs.inodesFree(), fs.inodes(), time);
  }
}
