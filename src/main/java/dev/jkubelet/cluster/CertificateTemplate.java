package dev.jkubelet.cluster;

import io.fabric8.kubernetes.api.model.NodeAddress;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * What a node's certificate is to say.
 *
 * @param signer who signs such
 * @param names and {@code addresses} by which the node is reached, sorted
 */
record CertificateTemplate(
    String signer,
    String commonName,
    Set<String> names,
    Set<String> addresses,
    List<String> usages) {
  static final String ORGANIZATION = "system:nodes";
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /** For the node to be known by the API server. */
  static CertificateTemplate client(String nodeName) {
    return new CertificateTemplate(
        "kubernetes.io/kube-apiserver-client-kubelet",
        "system:node:" + nodeName,
        Set.of(),
        Set.of(),
        List.of("digital signature", "key encipherment", "client auth"));
  }

  /** For the node's own port; empty while the node has no address to be signed. */
  static Optional<CertificateTemplate> serving(String nodeName, List<NodeAddress> known) {
    var names = new TreeSet<String>();
    var addresses = new TreeSet<String>();
    for (var address : known) {
      var ip = ip(address.getAddress());
      switch (address.getType()) {
        case "Hostname" ->
            ip.ifPresentOrElse(addresses::add, () -> names.add(address.getAddress()));
        case "ExternalIP", "InternalIP" -> ip.ifPresent(addresses::add);
        case "ExternalDNS", "InternalDNS" -> names.add(address.getAddress());
        case String _ -> {
          // A kind of address that no certificate is made for.
        }
      }
    }
    names.remove("");
    return names.isEmpty() && addresses.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CertificateTemplate(
                "kubernetes.io/kubelet-serving",
                "system:node:" + nodeName,
                names,
                addresses,
                List.of("digital signature", "key encipherment", "server auth")));
  }

  /** Whether it says all of this; it may say more. */
  boolean satisfiedBy(X509Certificate certificate) {
    var subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    return values(subject, BCStyle.CN).equals(Set.of(commonName))
        && values(subject, BCStyle.O).contains(ORGANIZATION)
        && alternatives(certificate, DNS_NAME).containsAll(names)
        && alternatives(certificate, IP_ADDRESS).containsAll(addresses);
  }

  private static Set<String> values(X500Name name, ASN1ObjectIdentifier kind) {
    var values = new HashSet<String>();
    for (var rdn : name.getRDNs(kind)) {
      values.add(IETFUtils.valueToString(rdn.getFirst().getValue()));
    }
    return values;
  }

  private static Set<String> alternatives(X509Certificate certificate, int kind) {
    var found = new HashSet<String>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      for (var entry : all == null ? List.<List<?>>of() : all) {
        if (entry.get(0) instanceof Integer type
            && type == kind
            && entry.get(1) instanceof String value) {
          found.add(kind == IP_ADDRESS ? ip(value).orElse(value) : value);
        }
      }
    } catch (CertificateParsingException e) {
      return Set.of();
    }
    return found;
  }

  /** In one form for each address; empty if it is none. */
  private static Optional<String> ip(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text).getHostAddress());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
