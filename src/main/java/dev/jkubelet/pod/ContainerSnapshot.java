package dev.jkubelet.pod;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a container's processes and logs are, for those who stream them.
 *
 * @param current the newest instance, running or dead; empty when none was made yet
 * @param previous the one before it, while the engine still has it
 */
public record ContainerSnapshot(
    String name, Optional<Instance> current, Optional<Instance> previous) {
  /**
   * One container of the engine.
   *
   * @param imageId as the engine runs it, {@code sha256:…}
   * @param logPath the engine's log file
   */
  public record Instance(
      String id, String imageId, boolean running, Optional<Path> logPath, int pid) {}
}
