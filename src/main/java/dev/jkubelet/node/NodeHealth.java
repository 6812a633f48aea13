package dev.jkubelet.node;

import java.util.Optional;

/**
 * What {@code /healthz} needs to know.
 *
 * @param runtime why the engine counts as lost; empty when it answers
 * @param syncLoop why the node's actor counts as stuck; empty when it is alive
 */
public record NodeHealth(Optional<String> runtime, Optional<String> syncLoop) {}
