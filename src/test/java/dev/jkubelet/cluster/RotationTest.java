package dev.jkubelet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final CertificateTemplate TEMPLATE =
      CertificateTemplate.serving(
              "n",
              List.of(
                  new NodeAddress("n.example", "Hostname"),
                  new NodeAddress("192.0.2.1", "InternalIP"),
                  new NodeAddress("fd00::1", "ExternalIP")))
          .orElseThrow();

  @TempDir Path folder;

  /** A certificate for a hundred days from {@link #BEGIN} that says what the request asks for. */
  private static Identity signed(CertificateTemplate template)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    var key = SigningKey.generate();
    var request = request(key.request(template));
    var builder =
        new JcaX509v3CertificateBuilder(
            request.getSubject(),
            BigInteger.ONE,
            Date.from(BEGIN),
            Date.from(BEGIN.plus(Duration.ofDays(100))),
            request.getSubject(),
            key.pair().getPublic());
    var extensions = request.getRequestedExtensions();
    if (extensions != null) {
      builder.addExtension(extensions.getExtension(Extension.subjectAlternativeName));
    }
    var holder =
        builder.build(
            new JcaContentSignerBuilder("SHA256withECDSA").build(key.pair().getPrivate()));
    return new Identity(
        List.of(new JcaX509CertificateConverter().getCertificate(holder)), key.pair().getPrivate());
  }

  private static PKCS10CertificationRequest request(String pem) throws IOException {
    try (var parser = new PEMParser(new StringReader(pem))) {
      return new JcaPKCS10CertificationRequest((PKCS10CertificationRequest) parser.readObject());
    }
  }

  @Test
  void renewsBetweenSeventyAndNinetyPercentOfItsLife() throws Exception {
    var current = Optional.of(signed(TEMPLATE).leaf());
    assertThat(Rotation.due(current, TEMPLATE, 0)).isEqualTo(BEGIN.plus(Duration.ofDays(70)));
    assertThat(Rotation.due(current, TEMPLATE, 1)).isEqualTo(BEGIN.plus(Duration.ofDays(90)));
  }

  @Test
  void asksAtOnceWhenThereIsNoneOrItSaysSomethingElse() throws Exception {
    var current = Optional.of(signed(TEMPLATE).leaf());
    var moved =
        CertificateTemplate.serving("n", List.of(new NodeAddress("192.0.2.2", "InternalIP")));
    assertThat(Rotation.due(Optional.empty(), TEMPLATE, 1)).isEqualTo(Instant.MIN);
    assertThat(Rotation.due(current, moved.orElseThrow(), 1)).isEqualTo(Instant.MIN);
    assertThat(Rotation.due(current, CertificateTemplate.client("other"), 1))
        .isEqualTo(Instant.MIN);
    assertThat(Rotation.due(current, CertificateTemplate.client("n"), 0)).isAfter(BEGIN);
  }

  @Test
  void triesAgainAfterTwoSecondsAndEveryHalfMinuteInTheEnd() {
    assertThat(Stream.of(1, 2, 3, 4, 5, 6, 999).map(Rotation::retry).map(Duration::toSeconds))
        .containsExactly(2L, 4L, 8L, 16L, 32L, 32L, 32L);
  }

  @Test
  void asksForTheNodesNamesAndAddresses() {
    assertThat(TEMPLATE.names()).isEqualTo(Set.of("n.example"));
    assertThat(TEMPLATE.addresses()).isEqualTo(Set.of("192.0.2.1", "fd00:0:0:0:0:0:0:1"));
    var hostname = List.of(new NodeAddress("10.0.0.9", "Hostname"));
    assertThat(CertificateTemplate.serving("n", hostname).orElseThrow().addresses())
        .containsExactly("10.0.0.9");
    assertThat(CertificateTemplate.serving("n", List.of())).isEmpty();
  }

  @Test
  void aRequestIsPendingUntilSomeoneDecides() {
    var request = new CertificateSigningRequestBuilder();
    assertThat(Signing.verdict(request.build())).isEqualTo(new Signing.Verdict.Pending());
    var approved =
        request.withNewStatus().addNewCondition().withType("Approved").endCondition().endStatus();
    assertThat(Signing.verdict(approved.build())).isEqualTo(new Signing.Verdict.Pending());
    var signed = approved.editStatus().withCertificate("aGk=").endStatus();
    assertThat(Signing.verdict(signed.build())).isEqualTo(new Signing.Verdict.Signed("hi"));
    var denied =
        signed
            .editStatus()
            .addNewCondition()
            .withType("Denied")
            .withReason("No")
            .withMessage("not you")
            .endCondition()
            .endStatus();
    assertThat(Signing.verdict(denied.build()))
        .isEqualTo(new Signing.Verdict.Refused("Denied: No: not you"));
  }

  @Test
  void theStoreKeepsPairsByDateAndLinksTheNewest() throws Exception {
    var clock = Clock.fixed(Instant.parse("2026-01-31T12:30:05Z"), ZoneOffset.UTC);
    var store = new CertificateStore(folder, "kubelet-client", clock);
    assertThat(store.stored()).isEmpty();
    var key = SigningKey.generate();
    Files.writeString(store.current(), "rubbish");
    assertThat(store.stored()).isEmpty();
    var identity = signed(CertificateTemplate.client("n"));
    var pem = new StringBuilder("-----BEGIN CERTIFICATE-----\n");
    pem.append(Base64.getMimeEncoder().encodeToString(identity.leaf().getEncoded()));
    pem.append("\n-----END CERTIFICATE-----\n");
    var foreign = key.privateKey();
    assertThatThrownBy(() -> store.update(pem.toString(), foreign))
        .hasMessage("the private key is not the certificate's");
    var own = new SigningKey(new KeyPair(identity.leaf().getPublicKey(), identity.key()));
    store.update(pem.toString(), own.privateKey());
    assertThat(Files.readSymbolicLink(store.current()))
        .isEqualTo(folder.resolve("kubelet-client-2026-01-31-12-30-05.pem"));
    assertThat(store.stored().orElseThrow().leaf()).isEqualTo(identity.leaf());
  }
}
