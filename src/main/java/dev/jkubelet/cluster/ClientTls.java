package dev.jkubelet.cluster;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS as a kubeconfig wants it, from its files as they are now. */
final class ClientTls {
  private static final char[] NO_PASSWORD = {};

  private ClientTls() {}

  /**
   * @param handedOut what a plugin gave to show of oneself
   */
  static SSLContext context(Kubeconfig kubeconfig, TlsFiles files, Optional<Identity> handedOut) {
    var identity = identity(kubeconfig, files).or(() -> handedOut);
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          identity.isEmpty() ? null : keyManagers(identity.get()),
          trustManagers(kubeconfig, files),
          null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidKubeconfig(kubeconfig.file(), "TLS can't be set up: " + e.getMessage(), e);
    }
  }

  static Optional<Identity> identity(Kubeconfig kubeconfig, TlsFiles files) {
    if (files.certificate().isEmpty() || files.key().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Identity.of(files.certificate().get(), files.key().get()));
    } catch (IOException e) {
      var pair = kubeconfig.certificate().orElseThrow();
      throw InvalidKubeconfig.at(
          kubeconfig.file(),
          pair.certificate().described() + ", " + pair.key().described(),
          e.getMessage());
    }
  }

  private static KeyManager[] keyManagers(Identity identity)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    store.setKeyEntry(
        "client", identity.key(), NO_PASSWORD, identity.chain().toArray(Certificate[]::new));
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  /** Null leaves it to the machine's authorities. */
  private static TrustManager[] trustManagers(Kubeconfig kubeconfig, TlsFiles files)
      throws GeneralSecurityException, IOException {
    if (kubeconfig.insecure()) {
      return new TrustManager[] {new Trusting()};
    }
    if (files.authority().isEmpty()) {
      return null;
    }
    var authorities = authorities(kubeconfig, files.authority().get());
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static List<X509Certificate> authorities(Kubeconfig kubeconfig, String pem) {
    try {
      return Identity.certificates(pem);
    } catch (IOException e) {
      throw InvalidKubeconfig.at(
          kubeconfig.file(), kubeconfig.authority().orElseThrow().described(), e.getMessage());
    }
  }

  /** For {@code insecure-skip-tls-verify}: an extended one, for else Java checks the name. */
  private static final class Trusting extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
