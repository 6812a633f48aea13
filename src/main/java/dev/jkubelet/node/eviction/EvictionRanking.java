package dev.jkubelet.node.eviction;

import dev.jkubelet.model.PodContainers;
import dev.jkubelet.model.PodRequests;
import dev.jkubelet.model.Quantities;
import dev.jkubelet.node.eviction.PodUsage.Place;
import dev.jkubelet.node.pressure.Signal;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * Which pod is to go first when the node runs short of something, in the kubelet's order: of whom
 * nothing is known, who uses more than it asked for, who is less important, who uses most.
 *
 * @param usage by the pod's UID
 * @param ownImageDisk whether images and containers' layers have a file system of their own
 */
record EvictionRanking(Map<String, PodUsage> usage, boolean ownImageDisk) {

  /** The first is to go first. */
  List<Pod> rank(List<Pod> pods, Signal signal) {
    return pods.stream().sorted(order(signal)).toList();
  }

  private Comparator<Pod> order(Signal signal) {
    return switch (signal) {
      case MEMORY_AVAILABLE, ALLOCATABLE_MEMORY_AVAILABLE ->
          byUse(u -> u.memory().orElse(0L), "memory");
      case NODEFS_AVAILABLE -> byUse(u -> u.disk(nodeDisk()), "ephemeral-storage");
      case NODEFS_INODES_FREE -> byUse(u -> u.inodes(nodeDisk()), "inodes");
      case IMAGEFS_AVAILABLE -> byUse(u -> u.disk(imageDisk()), "ephemeral-storage");
      case IMAGEFS_INODES_FREE -> byUse(u -> u.inodes(imageDisk()), "inodes");
      case PID_AVAILABLE ->
          unknownFirst()
              .thenComparingInt(EvictionRanking::priority)
              .thenComparing(pod -> of(pod).map(PodUsage::processes).orElse(0L), most());
    };
  }

  private Comparator<Pod> byUse(ToLongFunction<PodUsage> use, String resource) {
    return unknownFirst()
        .thenComparing(pod -> excess(pod, use, resource) <= 0)
        .thenComparingInt(EvictionRanking::priority)
        .thenComparing(pod -> excess(pod, use, resource), most());
  }

  private static Comparator<Long> most() {
    return Comparator.reverseOrder();
  }

  private Comparator<Pod> unknownFirst() {
    return Comparator.comparing(pod -> of(pod).isPresent());
  }

  private long excess(Pod pod, ToLongFunction<PodUsage> use, String resource) {
    long asked = PodRequests.of(pod).getOrDefault(resource, 0L);
    return of(pod).map(u -> use.applyAsLong(u) - asked).orElse(Long.MAX_VALUE);
  }

  private Optional<PodUsage> of(Pod pod) {
    return Optional.ofNullable(usage.get(pod.getMetadata().getUid()));
  }

  private static int priority(Pod pod) {
    return Objects.requireNonNullElse(pod.getSpec().getPriority(), 0);
  }

  private Place nodeDisk() {
    return ownImageDisk ? Place.LOGS_AND_VOLUMES : Place.ALL;
  }

  private Place imageDisk() {
    return ownImageDisk ? Place.LAYERS : Place.ALL;
  }

  /** What the pod is told, with each of its containers that used more than it had asked for. */
  String message(Pod pod, Signal signal) {
    var resource = resource(signal);
    var text = new StringBuilder("The node was low on resource: " + resource + ". ");
    for (var container : PodContainers.apps(pod)) {
      long asked = Quantities.bytes(PodContainers.request(container, resource));
      used(pod, container, signal)
          .ifPresent(
              used -> {
                if (used > asked) {
                  text.append(
                      "Container %s was using %s, which exceeds its request of %s. "
                          .formatted(
                              container.getName(),
                              Quantities.binary(used),
                              asked == 0
                                  ? "0"
                                  : PodContainers.request(container, resource).toString()));
                }
              });
    }
    return text.toString();
  }

  private OptionalLong used(Pod pod, Container container, Signal signal) {
    var found = of(pod).map(u -> u.containers().get(container.getName()));
    return switch (signal) {
      case MEMORY_AVAILABLE, ALLOCATABLE_MEMORY_AVAILABLE ->
          found.map(u -> OptionalLong.of(u.memory())).orElseGet(OptionalLong::empty);
      case NODEFS_AVAILABLE, IMAGEFS_AVAILABLE ->
          found.map(u -> OptionalLong.of(u.layer() + u.logs())).orElseGet(OptionalLong::empty);
      case NODEFS_INODES_FREE, IMAGEFS_INODES_FREE, PID_AVAILABLE -> OptionalLong.empty();
    };
  }

  /** What the node is short of, as events call it. */
  static String resource(Signal signal) {
    return switch (signal) {
      case MEMORY_AVAILABLE, ALLOCATABLE_MEMORY_AVAILABLE -> "memory";
      case NODEFS_AVAILABLE, IMAGEFS_AVAILABLE -> "ephemeral-storage";
      case NODEFS_INODES_FREE, IMAGEFS_INODES_FREE -> "inodes";
      case PID_AVAILABLE -> "pids";
    };
  }
}
