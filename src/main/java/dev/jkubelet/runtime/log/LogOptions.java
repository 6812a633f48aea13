package dev.jkubelet.runtime.log;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which part of a log, and how (v1.PodLogOptions).
 *
 * @param tailLines only so many lines from the end
 * @param limitBytes at most so many bytes of output
 * @param since only lines of that time and later
 */
public record LogOptions(
    boolean follow,
    boolean timestamps,
    OptionalLong tailLines,
    OptionalLong limitBytes,
    Optional<Instant> since) {}
