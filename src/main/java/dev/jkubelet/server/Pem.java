package dev.jkubelet.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** PEM files: certificates, and private keys in PKCS#8, PKCS#1 and SEC 1. */
final class Pem {
  private Pem() {}

  /** All certificates of the file, at least one; {@code flag} is what named it. */
  static List<X509Certificate> certificates(String flag, Path file) {
    var converter = new JcaX509CertificateConverter();
    var certificates = new ArrayList<X509Certificate>();
    try {
      for (var object : objects(file)) {
        if (object instanceof X509CertificateHolder holder) {
          certificates.add(converter.getCertificate(holder));
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(flag, file, e);
    }
    if (certificates.isEmpty()) {
      throw new InvalidTlsFile(flag, file, "expected a PEM certificate, found none");
    }
    return certificates;
  }

  /** The file's private key. */
  static PrivateKey privateKey(String flag, Path file) {
    try {
      for (var object : objects(file)) {
        var info = keyInfo(object);
        if (info.isPresent()) {
          return new JcaPEMKeyConverter().getPrivateKey(info.get());
        }
      }
    } catch (IOException e) {
      throw unreadable(flag, file, e);
    }
    throw new InvalidTlsFile(flag, file, "expected an unencrypted PEM private key, found none");
  }

  private static Optional<PrivateKeyInfo> keyInfo(Object object) {
    return switch (object) {
      case PEMKeyPair pair -> Optional.of(pair.getPrivateKeyInfo());
      case PrivateKeyInfo info -> Optional.of(info);
      case Object _ -> Optional.empty();
    };
  }

  private static List<Object> objects(Path file) throws IOException {
    var objects = new ArrayList<Object>();
    try (var parser = new PEMParser(Files.newBufferedReader(file))) {
      for (var object = parser.readObject(); object != null; object = parser.readObject()) {
        objects.add(object);
      }
    }
    return objects;
  }

  private static InvalidTlsFile unreadable(String flag, Path file, Exception cause) {
    var problem =
        cause instanceof NoSuchFileException
            ? "no such file"
            : "can't be read: " + cause.getMessage();
    return new InvalidTlsFile(flag, file, problem, cause);
  }
}
