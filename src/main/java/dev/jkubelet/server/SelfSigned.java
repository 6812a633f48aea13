package dev.jkubelet.server;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The serving certificate that a kubelet makes for itself: {@code CN=<host>@<time>}, signed by an
 * authority made for it alone and forgotten, valid for a year, together with that authority's
 * certificate in one file.
 */
final class SelfSigned {
  private static final Duration BACKDATED = Duration.ofHours(1);
  private static final Duration LIFETIME = Duration.ofDays(365);
  private static final int BITS = 2048;

  private SelfSigned() {}

  /** Makes certificate and key and writes both, the key for its owner only. */
  static void write(String host, List<String> addresses, Instant now, Path certificate, Path key)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    var keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(BITS);
    var authority = keys.generateKeyPair();
    var pair = keys.generateKeyPair();
    var issuer = name(host + "-ca@" + now.getEpochSecond());
    var root = authority(issuer, authority, now);
    var serving = serving(host, addresses, issuer, authority, pair, now);
    Files.createDirectories(certificate.getParent());
    write(key, "rw-------", pem(pair.getPrivate()));
    write(certificate, "rw-r--r--", pem(serving) + pem(root));
  }

  private static X509CertificateHolder authority(X500Name name, KeyPair pair, Instant now)
      throws IOException, OperatorCreationException {
    var builder = builder(name, 1, name, pair, now);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.keyEncipherment | KeyUsage.digitalSignature | KeyUsage.keyCertSign));
    return signed(builder, pair);
  }

  private static X509CertificateHolder serving(
      String host,
      List<String> addresses,
      X500Name issuer,
      KeyPair authority,
      KeyPair pair,
      Instant now)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    var builder = builder(issuer, 2, name(host + "@" + now.getEpochSecond()), pair, now);
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.getPublic()));
    builder.addExtension(
        Extension.subjectAlternativeName, false, alternativeNames(host, addresses));
    return signed(builder, authority);
  }

  /**
   * The kubelet names its host alone; with the addresses, clients that dial those can verify too.
   */
  private static GeneralNames alternativeNames(String host, List<String> addresses) {
    return new GeneralNames(
        Stream.concat(Stream.of(host), addresses.stream())
            .distinct()
            .map(name -> new GeneralName(kind(name), name))
            .toArray(GeneralName[]::new));
  }

  private static int kind(String name) {
    return isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName;
  }

  private static boolean isAddress(String host) {
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, long serial, X500Name subject, KeyPair pair, Instant now) {
    var from = now.minus(BACKDATED);
    return new JcaX509v3CertificateBuilder(
        issuer,
        BigInteger.valueOf(serial),
        Date.from(from),
        Date.from(from.plus(LIFETIME)),
        subject,
        pair.getPublic());
  }

  private static X509CertificateHolder signed(X509v3CertificateBuilder builder, KeyPair signer)
      throws OperatorCreationException {
    return builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(signer.getPrivate()));
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private static String pem(Object object) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  /**
   * Complete or not there: the mode is set before the first byte, the name given after the last.
   */
  private static void write(Path file, String mode, String text) throws IOException {
    var permissions = PosixFilePermissions.fromString(mode);
    var fresh =
        Files.createTempFile(
            file.getParent(),
            file.getFileName().toString(),
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(fresh, text.getBytes(StandardCharsets.US_ASCII));
    Files.setPosixFilePermissions(fresh, permissions);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
