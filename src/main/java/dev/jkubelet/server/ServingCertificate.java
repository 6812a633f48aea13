package dev.jkubelet.server;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What the kubelet's port shows of itself: the given certificate, or one made and kept under {@code
 * --cert-dir} as the kubelet does.
 */
final class ServingCertificate {
  private static final Duration VALID = Duration.ofDays(365);

  private ServingCertificate() {}

  static SSLContext context(ServerSettings settings) throws IOException {
    try {
      if (settings.selfSigned()
          && (!Files.exists(settings.certFile()) || !Files.exists(settings.keyFile()))) {
        make(settings);
      }
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "kubelet", key(settings.keyFile()), new char[0], chain(settings.certFile()));
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), new TrustManager[] {new AnyClient()}, null);
      return context;
    } catch (GeneralSecurityException | OperatorCreationException bad) {
      throw new IOException(
          "--tls-cert-file "
              + settings.certFile()
              + ", --tls-private-key-file "
              + settings.keyFile()
              + ": "
              + bad.getMessage(),
          bad);
    }
  }

  private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
    try (var in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .toArray(Certificate[]::new);
    }
  }

  private static PrivateKey key(Path file) throws IOException {
    try (var parser = new PEMParser(Files.newBufferedReader(file))) {
      var converter = new JcaPEMKeyConverter();
      for (Object entry = parser.readObject(); entry != null; entry = parser.readObject()) {
        if (entry instanceof PEMKeyPair pair) {
          return converter.getKeyPair(pair).getPrivate();
        }
        if (entry instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
      }
      throw new IOException(
          "--tls-private-key-file " + file + ": expected a PEM private key, found none");
    }
  }

  private static void make(ServerSettings settings)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var pair = generator.generateKeyPair();
    var now = Instant.now();
    var name = new X500Name("CN=" + settings.nodeName() + "@" + now.getEpochSecond());
    var names = new ArrayList<GeneralName>();
    names.add(new GeneralName(GeneralName.dNSName, settings.nodeName()));
    settings.nodeIps().forEach(ip -> names.add(new GeneralName(GeneralName.iPAddress, ip)));
    var certificate =
        new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(now.toEpochMilli()),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(VALID)),
                name,
                pair.getPublic())
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(names.toArray(GeneralName[]::new)))
            .addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
            .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()));
    Files.createDirectories(settings.certFile().getParent());
    write(settings.keyFile(), pair.getPrivate(), "rw-------");
    write(settings.certFile(), certificate, "rw-r--r--");
  }

  private static void write(Path file, Object entry, String mode) throws IOException {
    var text = new StringWriter();
    try (var pem = new JcaPEMWriter(text)) {
      pem.writeObject(entry);
    }
    Files.deleteIfExists(file);
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
      channel.write(
          java.nio.ByteBuffer.wrap(
              text.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }
  }

  /**
   * Lets every certificate through the handshake: whom it makes a user is decided per request, with
   * a 401 and not a broken connection.
   */
  private static final class AnyClient extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws java.security.cert.CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws java.security.cert.CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws java.security.cert.CertificateException {
      throw new java.security.cert.CertificateException("this side only serves");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return List.<X509Certificate>of().toArray(X509Certificate[]::new);
    }
  }
}
