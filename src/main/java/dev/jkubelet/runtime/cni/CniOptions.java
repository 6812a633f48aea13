package dev.jkubelet.runtime.cni;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where things are.
 *
 * @param confDir {@code --cni-conf-dir}: the first file counts
 * @param binDirs {@code --cni-bin-dir}
 * @param cacheDir {@code --cni-cache-dir}
 * @param limit how long a plugin may take
 */
public record CniOptions(Path confDir, List<Path> binDirs, Path cacheDir, Duration limit) {}
