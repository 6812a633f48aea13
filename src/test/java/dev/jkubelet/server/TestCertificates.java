package dev.jkubelet.server;

import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Authorities and certificates made for a test. */
public final class TestCertificates {
  private static final char[] NO_PASSWORD = new char[0];

  private TestCertificates() {}

  /** A certificate with its key. */
  public record Identity(X509Certificate certificate, KeyPair keys) {}

  public static Identity authority(String name) throws Exception {
    var keys = keys("RSA");
    return new Identity(
        sign(name, keys, name, keys, null, true, Instant.now().plus(Duration.ofDays(1))), keys);
  }

  public static Identity client(Identity authority, String name) throws Exception {
    return issue(
        authority, name, KeyPurposeId.id_kp_clientAuth, Instant.now().plus(Duration.ofDays(1)));
  }

  static Identity issue(Identity authority, String name, KeyPurposeId purpose, Instant until)
      throws Exception {
    var keys = keys("RSA");
    var issuer = authority.certificate().getSubjectX500Principal().getName();
    return new Identity(sign(name, keys, issuer, authority.keys(), purpose, false, until), keys);
  }

  static KeyPair keys(String algorithm) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("EC") ? 256 : 2048);
    return generator.generateKeyPair();
  }

  static X509Certificate sign(
      String subject,
      KeyPair keys,
      String issuer,
      KeyPair signer,
      KeyPurposeId purpose,
      boolean authority,
      Instant until)
      throws Exception {
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name(issuer),
            BigInteger.valueOf(System.nanoTime()),
            Date.from(Instant.now().minus(Duration.ofDays(2))),
            Date.from(until),
            new X500Name(subject),
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (purpose != null) {
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
    }
    var algorithm =
        signer.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate())));
  }

  /** Shows that certificate whoever asks. */
  public static KeyManager[] shown(Identity identity) throws Exception {
    return new KeyManager[] {
      new Insistent((javax.net.ssl.X509KeyManager) keyManagers(identity)[0])
    };
  }

  private static KeyManager[] keyManagers(Identity identity) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "client",
        identity.keys().getPrivate(),
        NO_PASSWORD,
        new X509Certificate[] {identity.certificate()});
    var keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, NO_PASSWORD);
    return keys.getKeyManagers();
  }

  /** For a server that is that one. */
  public static SSLContext serverContext(Identity identity) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(keyManagers(identity), null, null);
    return context;
  }

  public static SSLContext clientContext(KeyManager... keys) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new TrustAll()}, null);
    return context;
  }

  /** Shows its certificate even to a server that names other authorities. */
  private static final class Insistent extends javax.net.ssl.X509ExtendedKeyManager {
    private final javax.net.ssl.X509KeyManager keys;

    Insistent(javax.net.ssl.X509KeyManager keys) {
      this.keys = keys;
    }

    @Override
    public String chooseClientAlias(
        String[] types, java.security.Principal[] issuers, Socket socket) {
      return "client";
    }

    @Override
    public String chooseEngineClientAlias(
        String[] types, java.security.Principal[] issuers, SSLEngine engine) {
      return "client";
    }

    @Override
    public String[] getClientAliases(String type, java.security.Principal[] issuers) {
      return new String[] {"client"};
    }

    @Override
    public String[] getServerAliases(String type, java.security.Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String type, java.security.Principal[] issuers, Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return keys.getCertificateChain(alias);
    }

    @Override
    public java.security.PrivateKey getPrivateKey(String alias) {
      return keys.getPrivateKey(alias);
    }
  }

  private static final class TrustAll extends X509ExtendedTrustManager {
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
