package dev.jkubelet.volume;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A pod's volumes as they are on the host.
 *
 * @param paths by the volume's name
 * @param renewAt when they are to be set up once more, for a token in them grows old
 */
public record MountedVolumes(Map<String, Path> paths, Optional<Instant> renewAt) {}
