package dev.jkubelet.node.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.eviction.PodUsage.OfContainer;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.stats.NodeSnapshot.VolumeUsage;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who goes first. */
class EvictionRankingTest {
  private final Map<String, PodUsage> usage = new HashMap<>();

  @Test
  void ofThoseShortOfMemoryWhoUsesMoreThanAskedForThenTheLeastImportantThenTheHungriest() {
    var pods =
        List.of(
            pod("modest", 0, "memory: 1Ki", 500),
            pod("greedy", 0, "memory: 1Ki", 5000),
            pod("greedier", 0, "memory: 1Ki", 9000),
            pod("important", 10, "memory: 1Ki", 90_000),
            pod("unimportant", -1, "memory: 1Ki", 1100),
            FakeMachine.pod("unknown", "uid-unknown", "{containers: [{name: main}]}"));
    assertThat(names(pods, Signal.MEMORY_AVAILABLE, false))
        .containsExactly("unknown", "unimportant", "greedier", "greedy", "important", "modest");
  }

  @Test
  void ofThoseShortOfProcessesTheLeastImportantThenWhoHasMost() {
    var pods = List.of(pod("few", 0, "", 0), pod("many", 0, "", 0), pod("vital", 5, "", 0));
    processes("few", 2);
    processes("many", 20);
    processes("vital", 200);
    assertThat(names(pods, Signal.PID_AVAILABLE, false)).containsExactly("many", "few", "vital");
  }

  @Test
  void ofThoseShortOfDiskWhoHasMostOnThatVeryDisk() {
    var pods = List.of(pod("writer", 0, "", 0), pod("logger", 0, "", 0));
    usage.put("uid-writer", disk(700, 10, 0));
    usage.put("uid-logger", disk(100, 300, 200));
    assertThat(names(pods, Signal.NODEFS_AVAILABLE, false)).containsExactly("writer", "logger");
    assertThat(names(pods, Signal.NODEFS_AVAILABLE, true)).containsExactly("logger", "writer");
    assertThat(names(pods, Signal.IMAGEFS_AVAILABLE, true)).containsExactly("writer", "logger");
    assertThat(names(pods, Signal.NODEFS_INODES_FREE, true)).containsExactly("logger", "writer");
  }

  @Test
  void sparesWhoHasAskedForItsDisk() {
    var pods = List.of(pod("asked", 0, "ephemeral-storage: 1M", 0), pod("other", 0, "", 0));
    usage.put("uid-asked", disk(900_000, 0, 0));
    usage.put("uid-other", disk(10, 0, 0));
    assertThat(names(pods, Signal.NODEFS_AVAILABLE, false)).containsExactly("other", "asked");
  }

  @Test
  void tellsWhichContainersUsedMoreThanTheyAskedFor() {
    var pod = pod("greedy", 0, "memory: 1Ki", 12_288);
    var ranking = new EvictionRanking(usage, false);
    assertThat(ranking.message(pod, Signal.MEMORY_AVAILABLE))
        .isEqualTo(
            "The node was low on resource: memory. Container main was using 12Ki, which exceeds"
                + " its request of 1Ki. ");
    assertThat(ranking.message(pod, Signal.NODEFS_AVAILABLE))
        .isEqualTo("The node was low on resource: ephemeral-storage. ");
    assertThat(ranking.message(pod, Signal.NODEFS_INODES_FREE))
        .isEqualTo("The node was low on resource: inodes. ");
  }

  private List<String> names(List<Pod> pods, Signal signal, boolean ownImageDisk) {
    return new EvictionRanking(usage, ownImageDisk)
        .rank(pods, signal).stream().map(pod -> pod.getMetadata().getName()).toList();
  }

  private Pod pod(String name, int priority, String requests, long memory) {
    usage.put(
        "uid-" + name,
        new PodUsage(
            Optional.of(memory), 1, Map.of("main", new OfContainer(memory, 0, 0, 0)), List.of()));
    return FakeMachine.pod(
        name,
        "uid-" + name,
        "{priority: %d, containers: [{name: main, resources: {requests: {%s}}}]}"
            .formatted(priority, requests));
  }

  private void processes(String name, long count) {
    usage.put("uid-" + name, new PodUsage(Optional.of(1L), count, Map.of(), List.of()));
  }

  static PodUsage disk(long layer, long logs, long volume) {
    return new PodUsage(
        Optional.of(1L),
        1,
        Map.of("main", new OfContainer(1, layer, logs, 3)),
        volume == 0
            ? List.of()
            : List.of(new VolumeUsage("cache", true, Instant.EPOCH, 0, 0, volume, 0, 0, 9)));
  }
}
