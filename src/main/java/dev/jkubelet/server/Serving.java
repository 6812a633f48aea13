package dev.jkubelet.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * The certificate that the kubelet's port shows, with its key.
 *
 * @param chain its own first
 */
record Serving(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] NONCE = {1, 2, 3, 4};

  /** Reads the files, or makes them where that is asked for; blocks. */
  static Serving load(ServerSettings settings) {
    var signed = settings.signed().filter(Files::isReadable);
    if (signed.isPresent()) {
      return of(signed.get(), signed.get());
    }
    var certificate = settings.certFile();
    var key = settings.keyFile();
    if (settings.selfSigned()) {
      if (Files.isReadable(certificate) != Files.isReadable(key)) {
        throw new InvalidTlsFile(
            "--cert-dir",
            certificate.getParent(),
            "expected kubelet.crt and kubelet.key, or neither to make both; found one");
      }
      if (!Files.isReadable(certificate)) {
        make(settings);
      }
    }
    return of(certificate, key);
  }

  private static Serving of(Path certificate, Path key) {
    var serving =
        new Serving(
            Pem.certificates("--tls-cert-file", certificate),
            Pem.privateKey("--tls-private-key-file", key));
    serving.check(certificate, key);
    return serving;
  }

  private void check(Path certificateFile, Path keyFile) {
    try {
      if (!fits(key, chain.getFirst().getPublicKey())) {
        throw new InvalidTlsFile(
            "--tls-private-key-file",
            keyFile,
            "expected the key of the certificate in " + certificateFile);
      }
    } catch (GeneralSecurityException e) {
      throw new InvalidTlsFile(
          "--tls-cert-file", certificateFile, "can't be used: " + e.getMessage(), e);
    }
  }

  private static void make(ServerSettings settings) {
    try {
      SelfSigned.write(
          settings.nodeName(),
          settings.nodeIps(),
          Instant.now(),
          settings.certFile(),
          settings.keyFile());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new InvalidTlsFile(
          "--cert-dir",
          settings.certFile().getParent(),
          "can't write a certificate: " + e.getMessage(),
          e);
    }
  }

  /** Whether what one signs, the other confirms. */
  private static boolean fits(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
      return false;
    }
    var signature =
        Signature.getInstance(
            switch (key.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> key.getAlgorithm();
            });
    signature.initSign(key);
    signature.update(NONCE);
    var signed = signature.sign();
    signature.initVerify(certified);
    signature.update(NONCE);
    return signature.verify(signed);
  }
}
