package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS of the kubelet's port, and whom its certificates let in. */
class KubeletPortTest {
  @TempDir private Path folder;

  @Test
  void makesItsCertificateAsTheKubeletDoesAndKeepsIt() throws Exception {
    X509Certificate first;
    try (var server = TestServer.start(options())) {
      first = certificate(server);
    }
    assertThat(first.getSubjectX500Principal().getName()).matches("CN=golden-node@\\d{10}");
    assertThat(first.getIssuerX500Principal().getName()).matches("CN=golden-node-ca@\\d{10}");
    assertThat(first.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(List.of(2, "golden-node"), List.of(7, "192.0.2.1"));
    assertThat(first.getExtendedKeyUsage()).containsExactly(KeyPurposeId.id_kp_serverAuth.getId());
    assertThat(mode("certs/kubelet.key")).isEqualTo("rw-------");
    assertThat(mode("certs/kubelet.crt")).isEqualTo("rw-r--r--");
    assertThat(mode("certs")).isEqualTo("rwxr-xr-x");
    try (var server = TestServer.start(options())) {
      assertThat(certificate(server)).isEqualTo(first);
    }
  }

  @Test
  void refusesOldTls() throws Exception {
    try (var server = TestServer.start(options());
        var socket = (SSLSocket) server.kubelet()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
    }
    try (var server = TestServer.start(options());
        var socket = (SSLSocket) server.kubelet()) {
      socket.setEnabledProtocols(new String[] {"TLSv1.1"});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void knowsUsersByTheirCertificates() throws Exception {
    var authority = TestCertificates.authority("CN=ca");
    var options = options().strict().withClientCa(pem("ca.pem", authority));
    try (var server = TestServer.start(options)) {
      assertThat(
              healthz(server, TestCertificates.shown(TestCertificates.client(authority, "CN=me"))))
          .isEqualTo(200);
      assertThat(healthz(server)).isEqualTo(401);
    }
  }

  @Test
  void rejectsStrangersCertificatesEvenWhereAnonymousMayEnter() throws Exception {
    var authority = TestCertificates.authority("CN=ca");
    var other = TestCertificates.authority("CN=ca");
    var options = options().withClientCa(pem("ca.pem", authority));
    try (var server = TestServer.start(options)) {
      assertThat(healthz(server)).isEqualTo(200);
      assertThat(healthz(server, TestCertificates.shown(TestCertificates.client(other, "CN=me"))))
          .isEqualTo(401);
      assertThat(
              healthz(
                  server,
                  TestCertificates.shown(
                      TestCertificates.issue(
                          authority,
                          "CN=me",
                          KeyPurposeId.id_kp_serverAuth,
                          Instant.now().plus(Duration.ofDays(1))))))
          .isEqualTo(401);
      assertThat(
              healthz(
                  server,
                  TestCertificates.shown(
                      TestCertificates.issue(
                          authority,
                          "CN=me",
                          KeyPurposeId.id_kp_clientAuth,
                          Instant.now().minus(Duration.ofHours(1))))))
          .isEqualTo(401);
    }
  }

  @Test
  void trustsTheAuthoritiesThatTheFileNames() throws Exception {
    var first = TestCertificates.authority("CN=first");
    var second = TestCertificates.authority("CN=second");
    var me = TestCertificates.shown(TestCertificates.client(second, "CN=me"));
    var options = options().strict().withClientCa(pem("ca.pem", first));
    try (var server = TestServer.start(options)) {
      assertThat(healthz(server, me)).isEqualTo(401);

      pem("ca.pem", second);
      refresh(server);
      assertThat(healthz(server, me)).isEqualTo(200);

      Files.writeString(folder.resolve("ca.pem"), "half a certif");
      refresh(server);
      assertThat(healthz(server, me)).as("the last good").isEqualTo(200);
    }
  }

  @Test
  void showsTheCertificateThatTheClusterSignedAsSoonAsItIsThere() throws Exception {
    try (var server = TestServer.start(options())) {
      var signed = TestCertificates.authority("CN=signed");
      var file = "certs/kubelet-server-current.pem";
      pem(file, signed);
      var chain = Files.readString(folder.resolve(file));
      write(file, signed.keys().getPrivate());
      Files.writeString(folder.resolve(file), chain, StandardOpenOption.APPEND);
      refresh(server);
      assertThat(certificate(server)).isEqualTo(signed.certificate());
    }
  }

  @Test
  void showsTheCertificateOfTheFileOnceItsKeyIsThereToo() throws Exception {
    try (var server = TestServer.start(options())) {
      var first = certificate(server);
      var renewed = TestCertificates.authority("CN=renewed");
      pem("certs/kubelet.crt", renewed);
      refresh(server);
      assertThat(certificate(server)).isEqualTo(first);

      write("certs/kubelet.key", renewed.keys().getPrivate());
      refresh(server);
      assertThat(certificate(server)).isEqualTo(renewed.certificate());
    }
  }

  private static void refresh(TestServer server) throws Exception {
    server.ports().refreshCertificates().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void takesNoHeaderForACertificate() throws Exception {
    var authority = TestCertificates.authority("CN=ca");
    try (var server = TestServer.start(options().strict().withClientCa(pem("ca.pem", authority)))) {
      var answer =
          RawHttp.get(
              server.kubelet(),
              "/pods",
              "Tls-Session-Info: CN=me",
              "X-Remote-User: me",
              "Raw-Request-URI: /healthz");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.text()).isEqualTo("Unauthorized");
    }
  }

  @Test
  void readsKeysInEveryUsualForm() throws Exception {
    for (var algorithm : List.of("RSA", "EC")) {
      var keys = TestCertificates.keys(algorithm);
      var certificate =
          TestCertificates.sign(
              "CN=x", keys, "CN=x", keys, null, false, Instant.now().plus(Duration.ofDays(1)));
      write("x.crt", certificate);
      for (var key : List.of(traditional(keys), new JcaPKCS8Generator(keys.getPrivate(), null))) {
        write("x.key", key);
        assertThat(TlsContext.load(given("x.crt", "x.key"), List.of()).engine()).isNotNull();
      }
    }
  }

  @Test
  void namesTheFlagOfAKeyThatDoesNotFit() throws Exception {
    var authority = TestCertificates.authority("CN=ca");
    pem("x.crt", authority);
    write("x.key", TestCertificates.keys("RSA").getPrivate());
    assertThatThrownBy(() -> TlsContext.load(given("x.crt", "x.key"), List.of()))
        .isInstanceOf(InvalidTlsFile.class)
        .hasMessage(
            "--tls-private-key-file "
                + folder.resolve("x.key")
                + ": expected the key of the certificate in "
                + folder.resolve("x.crt"));
    assertThatThrownBy(() -> TlsContext.load(given("missing.crt", "x.key"), List.of()))
        .isInstanceOf(InvalidTlsFile.class)
        .hasMessage("--tls-cert-file " + folder.resolve("missing.crt") + ": no such file");
  }

  /** PKCS#1 or SEC 1, whichever the algorithm has, as openssl writes them. */
  private static Object traditional(KeyPair keys) {
    if (!(keys.getPrivate() instanceof ECPrivateKey key)) {
      return keys.getPrivate();
    }
    var info = PrivateKeyInfo.getInstance(key.getEncoded());
    return new PemObject("EC PRIVATE KEY", sec1(key, info));
  }

  private static byte[] sec1(ECPrivateKey key, PrivateKeyInfo info) {
    try {
      return new org.bouncycastle.asn1.sec.ECPrivateKey(
              256, key.getS(), info.getPrivateKeyAlgorithm().getParameters())
          .getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TestServer.Options options() {
    return TestServer.Options.in(folder);
  }

  private ServerSettings given(String certificate, String key) {
    var own = TestServer.settings(options());
    return new ServerSettings(
        own.kubelet(),
        own.readOnly(),
        own.healthz(),
        own.cadvisor(),
        folder.resolve(certificate),
        folder.resolve(key),
        false,
        Optional.empty(),
        own.clientCaFile(),
        own.anonymous(),
        own.alwaysAllow(),
        own.nodeName(),
        own.nodeIps(),
        own.configz(),
        own.logs(),
        own.streams());
  }

  private static int healthz(TestServer server, KeyManager... keys) throws Exception {
    return RawHttp.get(server.kubelet(keys), "/healthz").status();
  }

  private static X509Certificate certificate(TestServer server) throws Exception {
    try (var socket = (SSLSocket) server.kubelet()) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private Path pem(String name, TestCertificates.Identity identity) throws IOException {
    return write(name, identity.certificate());
  }

  private Path write(String name, Object object) throws IOException {
    var text = new java.io.StringWriter();
    try (var writer = new org.bouncycastle.openssl.jcajce.JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return Files.writeString(folder.resolve(name), text.toString(), StandardCharsets.US_ASCII);
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }
}
