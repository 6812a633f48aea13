package dev.jkubelet.stats;

import dev.jkubelet.model.PodKey;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is behind a container's cgroup. Asking never blocks: the answer is there the next time. */
interface EngineContainers {
  /**
   * What the engine says of a container, once.
   *
   * @param image what it was created with
   * @param writableLayer the folder of what it changed in its image, where there is one
   * @param logFolder where its log is
   */
  record Described(
      PodKey pod,
      boolean sandbox,
      ContainerRecord.Container container,
      Instant created,
      Map<String, String> labels,
      String image,
      Optional<Path> writableLayer,
      Optional<Path> logFolder) {}

  /** What is known; empty while it is being asked for, or when it is no pod's container. */
  Optional<Described> of(String id);

  /** Those that are known by now. */
  List<Described> known();

  /** The container is gone. */
  void forget(String id);
}
