package dev.jkubelet.runtime;

import java.nio.file.Path;

/**
 * What the engine says of itself.
 *
 * @param cgroupDriver {@code cgroupfs} or {@code systemd}
 * @param cgroupVersion 1 or 2
 */
public record EngineInfo(
    String name,
    String version,
    String apiVersion,
    Path rootDir,
    String storageDriver,
    String cgroupDriver,
    int cgroupVersion,
    String loggingDriver) {}
