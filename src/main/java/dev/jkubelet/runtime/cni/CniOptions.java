package dev.jkubelet.runtime.cni;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where things are.
 *
 * @param confDir {@code --cni-conf-dir}: the first file counts
 * @param binDirs {@code --cni-bin-dir}
 * @param cacheDir {@code --cni-cache-dir}
 * @param limit how long a plugin may take
 */
public record CniOptions(Path confDir, List<Path> binDirs, Path cacheDir, Duration limit) {
  /** How the kubelet and dockershim begin to say why no pod can be connected. */
  static final String NOT_READY =
      "runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady"
          + " message:docker: network plugin is not ready: cni config uninitialized";

  /** Why no pod can be connected; empty when one can. Reads a folder. */
  public Optional<String> problem() {
    try {
      NetworkList.first(confDir);
      return Optional.empty();
    } catch (CniException _) {
      return Optional.of(NOT_READY);
    }
  }
}
