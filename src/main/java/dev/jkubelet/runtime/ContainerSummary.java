package dev.jkubelet.runtime;

import dev.jkubelet.model.PodKey;
import java.time.Instant;

/**
 * One row of the engine's list.
 *
 * @param name the container's name in the pod's spec; {@code POD} for a sandbox
 * @param attempt the sandbox's attempt, or the container's restart count, from the Docker name
 * @param sandboxId for a container the sandbox it was made in; empty for a sandbox
 */
public record ContainerSummary(
    String id,
    ContainerType type,
    PodKey pod,
    String name,
    int attempt,
    String sandboxId,
    ContainerState state,
    Instant createdAt) {}
