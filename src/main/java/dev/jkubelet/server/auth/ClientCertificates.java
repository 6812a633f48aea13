package dev.jkubelet.server.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * Users by client certificate: the common name is the user, the organizations are the groups, and
 * {@code --client-ca-file} vouches for both.
 */
public final class ClientCertificates {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

  private final Set<TrustAnchor> anchors;

  private ClientCertificates(Set<TrustAnchor> anchors) {
    this.anchors = anchors;
  }

  /** Reads the authorities; the message of the failure names the flag. */
  public static ClientCertificates of(Path caFile) throws IOException {
    try (InputStream in = Files.newInputStream(caFile)) {
      var anchors =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(c -> new TrustAnchor((X509Certificate) c, null))
              .collect(Collectors.toSet());
      if (anchors.isEmpty()) {
        throw new IOException(
            "--client-ca-file " + caFile + ": expected PEM certificates, found none");
      }
      return new ClientCertificates(anchors);
    } catch (GeneralSecurityException bad) {
      throw new IOException("--client-ca-file " + caFile + ": " + bad.getMessage(), bad);
    }
  }

  /**
   * The user of that chain; empty when no authority of ours vouches for it, or it is not for
   * clients.
   */
  public Optional<User> user(List<X509Certificate> chain) {
    try {
      var leaf = chain.getFirst();
      leaf.checkValidity();
      var usage = leaf.getExtendedKeyUsage();
      if (usage == null || !usage.contains(CLIENT_AUTH)) {
        return Optional.empty();
      }
      var parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      var path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
      return Optional.of(named(leaf));
    } catch (GeneralSecurityException | InvalidNameException _) {
      return Optional.empty();
    }
  }

  private static User named(X509Certificate leaf) throws InvalidNameException {
    var name = "";
    var groups = new ArrayList<String>();
    for (var part : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
      var value = String.valueOf(part.getValue());
      if (part.getType().equalsIgnoreCase("CN")) {
        name = value;
      } else if (part.getType().equalsIgnoreCase("O")) {
        groups.add(value);
      }
    }
    groups.add("system:authenticated");
    return new User(name, List.copyOf(groups));
  }
}
