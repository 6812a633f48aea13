package dev.jkubelet.server.auth;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * Users by the client certificates of {@code --client-ca-file}: the common name is the user, each
 * organization a group. A certificate that its authorities did not sign for clients is rejected.
 */
public final class ClientCertificates implements Authenticator {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USE = "2.5.29.37.0";

  private final Supplier<List<X509Certificate>> authorities;

  /**
   * @param authorities asked for each request, as their file may change
   */
  public ClientCertificates(Supplier<List<X509Certificate>> authorities) {
    this.authorities = authorities;
  }

  @Override
  public CompletionStage<Authentication> authenticate(Credentials credentials) {
    return CompletableFuture.completedFuture(judge(credentials.certificates()));
  }

  private Authentication judge(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      return new Authentication.NoOpinion();
    }
    try {
      verify(chain);
    } catch (GeneralSecurityException e) {
      return new Authentication.Rejected(e.toString());
    }
    var subject = X500Name.getInstance(chain.getFirst().getSubjectX500Principal().getEncoded());
    var names = attributes(subject, BCStyle.CN);
    return names.isEmpty()
        ? new Authentication.NoOpinion()
        : new Authentication.Known(
            new User(names.getFirst(), attributes(subject, BCStyle.O)).authenticated());
  }

  private void verify(List<X509Certificate> chain) throws GeneralSecurityException {
    var usage = chain.getFirst().getExtendedKeyUsage();
    if (usage != null && !usage.contains(CLIENT_AUTH) && !usage.contains(ANY_USE)) {
      throw new CertificateException("not for client authentication");
    }
    var target = new X509CertSelector();
    target.setCertificate(chain.getFirst());
    var parameters = new PKIXBuilderParameters(anchors(), target);
    parameters.setRevocationEnabled(false);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
    var result = (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
    // The algorithm takes an anchor as eternal; an expired authority vouches for nobody.
    result.getTrustAnchor().getTrustedCert().checkValidity();
  }

  private Set<TrustAnchor> anchors() {
    return authorities.get().stream()
        .map(authority -> new TrustAnchor(authority, null))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<String> attributes(
      X500Name subject, org.bouncycastle.asn1.ASN1ObjectIdentifier type) {
    var values = new ArrayList<String>();
    for (var rdn : subject.getRDNs(type)) {
      for (var attribute : rdn.getTypesAndValues()) {
        if (attribute.getType().equals(type)) {
          values.add(IETFUtils.valueToString(attribute.getValue()));
        }
      }
    }
    return values;
  }
}
