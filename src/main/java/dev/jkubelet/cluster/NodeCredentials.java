package dev.jkubelet.cluster;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a node comes by what it shows to the API server.
 *
 * @param kubeconfig {@code --kubeconfig}; written if it is of no use and {@code bootstrap} is there
 * @param bootstrap {@code --bootstrap-kubeconfig}: credentials that suffice to ask for better ones
 * @param certDir {@code --cert-dir}: where certificates that were asked for are kept
 * @param rotate {@code --rotate-certificates}: whether the client certificate is renewed in time
 */
public record NodeCredentials(
    Path kubeconfig, Optional<Path> bootstrap, Path certDir, boolean rotate) {

  /** A kubeconfig alone, as it is. */
  public static NodeCredentials of(Path kubeconfig) {
    return new NodeCredentials(kubeconfig, Optional.empty(), kubeconfig.getParent(), false);
  }
}
