package dev.jkubelet.server;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS of the kubelet's port: its certificate, and which client certificates it asks for. */
final class TlsContext {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final char[] NO_PASSWORD = new char[0];

  private final SSLContext context;
  private final boolean askForCertificate;

  private TlsContext(SSLContext context, boolean askForCertificate) {
    this.context = context;
    this.askForCertificate = askForCertificate;
  }

  /**
   * Reads the certificate, or makes one; blocks.
   *
   * @param clientAuthorities whose certificates clients are asked for; empty asks for none
   */
  static TlsContext load(ServerSettings settings, List<X509Certificate> clientAuthorities) {
    return of(settings, Serving.load(settings), clientAuthorities);
  }

  SSLEngine engine() {
    var engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(PROTOCOLS);
    engine.setEnabledCipherSuites(cheapestFirst(engine.getEnabledCipherSuites()));
    engine.setWantClientAuth(askForCertificate);
    return engine;
  }

  /** As the kubelet chooses: among the strong ones that with the least work per byte. */
  private static String[] cheapestFirst(String[] suites) {
    var sorted = suites.clone();
    Arrays.sort(sorted, Comparator.comparing(suite -> !suite.contains("_AES_128_GCM_")));
    return sorted;
  }

  static TlsContext of(
      ServerSettings settings, Serving serving, List<X509Certificate> clientAuthorities) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "kubelet", serving.key(), NO_PASSWORD, serving.chain().toArray(X509Certificate[]::new));
      // It keeps the key; the default one decrypts it anew for each connection, which takes
      // longest.
      var keys = KeyManagerFactory.getInstance("SunX509");
      keys.init(store, NO_PASSWORD);
      var context = SSLContext.getInstance("TLS");
      context.init(
          keys.getKeyManagers(), new TrustManager[] {new Collect(clientAuthorities)}, null);
      return new TlsContext(context, !clientAuthorities.isEmpty());
    } catch (IOException | GeneralSecurityException e) {
      throw new InvalidTlsFile(
          "--tls-cert-file", settings.certFile(), "can't be used: " + e.getMessage(), e);
    }
  }

  /**
   * Lets every client certificate through the handshake, for a stranger's is answered with a 401
   * and not with a broken connection; who it makes its owner is decided per request.
   */
  private static final class Collect extends X509ExtendedTrustManager {
    private final X509Certificate[] authorities;

    Collect(List<X509Certificate> authorities) {
      this.authorities = authorities.toArray(X509Certificate[]::new);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new UnsupportedOperationException("the kubelet's port is no client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new UnsupportedOperationException("the kubelet's port is no client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("the kubelet's port is no client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return authorities.clone();
    }
  }
}
