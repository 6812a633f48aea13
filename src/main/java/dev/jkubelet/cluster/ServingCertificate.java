package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.NodeAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The certificate of the node's own port, signed by the cluster ({@code serverTLSBootstrap}) and
 * renewed before it expires and when the node's addresses change. Someone has to approve each: the
 * cluster does not do it by itself.
 */
public final class ServingCertificate implements Following {
  private static final String PAIR = "kubelet-server";

  private final CertificateRenewal renewal;

  private ServingCertificate(CertificateRenewal renewal) {
    this.renewal = renewal;
  }

  /**
   * Asks for one if there is none that is of use, and keeps it valid until closed.
   *
   * @param certDir {@code --cert-dir}
   * @param addresses the node's, as they are now; asked again and again, from another thread
   * @param renewed called after each renewal, from another thread: the {@link #file} holds another
   *     one
   */
  public static ServingCertificate start(
      CertificatesApi api,
      Path certDir,
      String nodeName,
      Supplier<List<NodeAddress>> addresses,
      Runnable renewed) {
    var renewal =
        new CertificateRenewal(
            store(certDir),
            () -> CertificateTemplate.serving(nodeName, addresses.get()),
            Optional::empty,
            () -> api,
            renewed);
    return new ServingCertificate(renewal.start());
  }

  /** The PEM file with chain and key; not there until the first is signed. */
  public static Path file(Path certDir) {
    return store(certDir).current();
  }

  private static CertificateStore store(Path certDir) {
    return new CertificateStore(certDir, PAIR, Clock.system(ZoneId.systemDefault()));
  }

  @Override
  public void close() {
    renewal.close();
  }
}
