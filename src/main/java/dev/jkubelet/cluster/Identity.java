package dev.jkubelet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A certificate with its key.
 *
 * @param chain the own certificate first; not empty
 */
record Identity(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] SAMPLE = "jkubelet".getBytes(UTF_8);

  /** Of PEM text; the two may be the same text. */
  static Identity of(String certificates, String key) throws IOException {
    var identity = new Identity(certificates(certificates), privateKey(key));
    if (!identity.matches()) {
      throw new IOException("the private key is not the certificate's");
    }
    return identity;
  }

  private boolean matches() throws IOException {
    var algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          case String other -> other;
        };
    try {
      var signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(SAMPLE);
      var signature = signer.sign();
      signer.initVerify(leaf().getPublicKey());
      signer.update(SAMPLE);
      return signer.verify(signature);
    } catch (InvalidKeyException | SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IOException("a key of a kind that is not known: " + key.getAlgorithm(), e);
    }
  }

  X509Certificate leaf() {
    return chain.getFirst();
  }

  /** Whether none of its certificates has expired by then. */
  boolean validAt(Instant time) {
    return chain.stream().noneMatch(one -> one.getNotAfter().toInstant().isBefore(time));
  }

  /** All certificates of the text, at least one. */
  static List<X509Certificate> certificates(String pem) throws IOException {
    var converter = new JcaX509CertificateConverter();
    var certificates = new ArrayList<X509Certificate>();
    for (var object : objects(pem)) {
      if (object instanceof X509CertificateHolder holder) {
        try {
          certificates.add(converter.getCertificate(holder));
        } catch (GeneralSecurityException e) {
          throw new IOException("expected a PEM certificate: " + e.getMessage(), e);
        }
      }
    }
    if (certificates.isEmpty()) {
      throw new IOException("expected a PEM certificate, found none");
    }
    return certificates;
  }

  static PrivateKey privateKey(String pem) throws IOException {
    for (var object : objects(pem)) {
      var info = keyInfo(object);
      if (info.isPresent()) {
        return new JcaPEMKeyConverter().getPrivateKey(info.get());
      }
    }
    throw new IOException("expected an unencrypted PEM private key, found none");
  }

  private static Optional<PrivateKeyInfo> keyInfo(Object object) {
    return switch (object) {
      case PEMKeyPair pair -> Optional.of(pair.getPrivateKeyInfo());
      case PrivateKeyInfo info -> Optional.of(info);
      case Object _ -> Optional.empty();
    };
  }

  private static List<Object> objects(String pem) throws IOException {
    var objects = new ArrayList<Object>();
    try (var parser = new PEMParser(new StringReader(pem))) {
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        objects.add(object);
      }
    }
    return objects;
  }
}
