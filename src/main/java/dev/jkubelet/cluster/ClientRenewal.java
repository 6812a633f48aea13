package dev.jkubelet.cluster;

import java.util.Optional;

/**
 * The node's own client certificate: asked for with the bootstrap credentials while there is no
 * valid one, and with itself from then on.
 */
final class ClientRenewal implements Following {
  private final CertificateStore store;
  private final Kubeconfig own;
  private final CertificatesApi ownApi;
  private final Optional<RemoteApiServer> bootstrap;
  private final CertificateRenewal renewal;

  /**
   * @param own the kubeconfig without regard to the store
   * @param bootstrap closed with this
   * @param onceOnly whether it ends with the first certificate
   * @param renewed called after each renewal
   */
  ClientRenewal(
      CertificateStore store,
      String nodeName,
      Kubeconfig own,
      CertificatesApi ownApi,
      Optional<RemoteApiServer> bootstrap,
      boolean onceOnly,
      Runnable renewed) {
    this.store = store;
    this.own = own;
    this.ownApi = ownApi;
    this.bootstrap = bootstrap;
    var template = CertificateTemplate.client(nodeName);
    this.renewal =
        new CertificateRenewal(
            store,
            () -> Optional.of(template),
            this::ownIdentity,
            this::api,
            () -> {
              renewed.run();
              if (onceOnly) {
                close();
              }
            });
  }

  ClientRenewal start() {
    renewal.start();
    return this;
  }

  private CertificatesApi api() {
    boolean known = store.stored().or(this::ownIdentity).filter(this::valid).isPresent();
    return known ? ownApi : bootstrap.map(RemoteApiServer::certificates).orElse(ownApi);
  }

  private boolean valid(Identity identity) {
    return identity.validAt(store.clock().instant());
  }

  private Optional<Identity> ownIdentity() {
    try {
      return own.identity();
    } catch (InvalidKubeconfig e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    renewal.close();
    bootstrap.ifPresent(RemoteApiServer::close);
  }
}
