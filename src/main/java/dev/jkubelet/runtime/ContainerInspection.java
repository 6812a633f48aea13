package dev.jkubelet.runtime;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the engine knows of one container or sandbox.
 *
 * @param image the reference that statuses show: the image's first tag, else what it was created
 *     with
 * @param imageId {@code docker-pullable://…} when the image has a digest, else {@code
 *     docker://sha256:…}, as dockershim has it
 * @param createdFrom the image as the container's configuration names it
 * @param pid the first process, 0 when it does not run
 * @param error the engine's word on why it could not start; empty when it could
 * @param ips a sandbox's own addresses, IPv4 first; empty on the host's network
 * @param logPath the engine's log file, when its driver writes one
 * @param writableLayer the folder of what the container changed in its image, when the storage
 *     driver has one
 * @param resources what it may use, as it was made or updated
 */
public record ContainerInspection(
    ContainerSummary summary,
    String image,
    String imageId,
    String createdFrom,
    long pid,
    int exitCode,
    boolean oomKilled,
    String error,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    List<String> ips,
    Optional<Path> logPath,
    Optional<Path> writableLayer,
    ContainerConfig.Resources resources,
    Map<String, String> labels) {
  /** The same sandbox with addresses that the engine does not know of. */
  public ContainerInspection withIps(List<String> known) {
    return new ContainerInspection(
        summary,
        image,
        imageId,
        createdFrom,
        pid,
        exitCode,
        oomKilled,
        error,
        startedAt,
        finishedAt,
        known,
        logPath,
        writableLayer,
        resources,
        labels);
  }

  public String id() {
    return summary.id();
  }

  public ContainerState state() {
    return summary.state();
  }
}
