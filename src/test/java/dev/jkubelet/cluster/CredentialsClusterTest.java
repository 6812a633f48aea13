package dev.jkubelet.cluster;

import static dev.jkubelet.cluster.TestCluster.failure;
import static dev.jkubelet.cluster.TestCluster.kubectl;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, tokens and plugins against a real API server, which signs certificates too. */
class CredentialsClusterTest {
  private static final Duration OFTEN = Duration.ofMillis(50);
  @TempDir Path folder;

  /** A kubeconfig for the test's API server with another user. */
  private Path kubeconfig(String user) throws IOException {
    var admin = Files.readString(TestCluster.admin());
    return Files.writeString(
        folder.resolve("kubeconfig"),
        admin.replaceAll("(?m)^users:.*$", "users: [{name: user, user: " + user + "}]"));
  }

  private static void eventually(int expected, IntSupplier actual) {
    var end = System.nanoTime() + SECONDS.toNanos(60);
    int last = actual.getAsInt();
    while (last != expected && System.nanoTime() < end) {
      last = actual.getAsInt();
    }
    assertThat(last).isEqualTo(expected);
  }

  /** 404 for the node of the certificate, 403 for another one's, 401 for nobody's. */
  private static int leaseOf(String node, ApiServer api) {
    return failure(api.leases().get(node)).code();
  }

  private void copyNode(String node) throws IOException {
    TestCluster.node(node);
    for (var kind : List.of("crt", "key")) {
      var from = TestCluster.folder().resolve("node-" + node + "." + kind);
      var next = folder.resolve("next." + kind);
      Files.write(next, Files.readAllBytes(from));
      Files.move(next, folder.resolve("node." + kind), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Test
  void aCertificateReplacedOnDiskIsPickedUpWithoutAMissedPod() throws IOException {
    copyNode("before");
    var file = kubeconfig("{client-certificate: node.crt, client-key: node.key}");
    var heard = new Heard<Pod>();
    try (var api = RemoteApiServer.connect(Kubeconfig.read(file), "before", OFTEN);
        var _ = api.pods().follow(heard)) {
      heard.next("listed");
      assertThat(leaseOf("before", api)).isEqualTo(404);
      assertThat(leaseOf("after", api)).isEqualTo(403);
      copyNode("after");
      eventually(404, () -> leaseOf("after", api));
      assertThat(leaseOf("before", api)).isEqualTo(403);
    }
  }

  @Test
  void aTokenFileIsReadAgainOnceTheServerRefuses() throws IOException {
    var tokens = folder.resolve("token");
    Files.writeString(tokens, "nonsense");
    var file = kubeconfig("{tokenFile: token}");
    try (var api = RemoteApiServer.connect(file, "any")) {
      var refused = failure(api.nodes().get("any"));
      assertThat(refused.code()).isEqualTo(401);
      assertThat(refused.reason()).isEqualTo("Unauthorized");
      Files.writeString(tokens, Files.readString(TestCluster.folder().resolve("bootstrap.token")));
      assertThat(failure(api.nodes().get("any")).code()).as("known, but no node").isEqualTo(403);
    }
  }

  @Test
  void aPluginHandsOutATokenAndIsAskedAgainWhenItIsRefused() throws IOException {
    var plugin =
        Files.writeString(
            folder.resolve("plugin"),
            """
            #!/bin/sh
            echo "$KUBERNETES_EXEC_INFO" >>"$(dirname "$0")/asked"
            printf '{"apiVersion":"%s","kind":"ExecCredential","status":{"token":"%s"}}' \
              client.authentication.k8s.io/v1beta1 "$(cat "$1")"
            """);
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
    var token = Files.writeString(folder.resolve("token"), "nonsense");
    var file =
        kubeconfig(
            "{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin, args: ['%s']}}"
                .formatted(token));
    try (var api = RemoteApiServer.connect(file, "any")) {
      assertThat(failure(api.nodes().get("any")).code()).isEqualTo(401);
      Files.writeString(
          token, Files.readString(TestCluster.folder().resolve("bootstrap.token")).strip());
      assertThat(failure(api.nodes().get("any")).code()).isEqualTo(403);
      assertThat(failure(api.nodes().get("any")).code()).isEqualTo(403);
      assertThat(Files.readAllLines(folder.resolve("asked"))).hasSize(2);
    }
  }

  @Test
  void aPluginThatFailsFailsTheCallAndSaysSo() throws IOException {
    var file =
        kubeconfig(
            "{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: /bin/false}}");
    try (var api = RemoteApiServer.connect(file, "any")) {
      var failure = failure(api.nodes().get("any"));
      assertThat(failure.code()).isZero();
      assertThat(failure.getMessage())
          .isEqualTo("GET /api/v1/nodes/any: /bin/false failed with exit code 1");
    }
  }

  private NodeCredentials joining(boolean rotate) {
    return new NodeCredentials(
        folder.resolve("etc/kubelet.conf"),
        Optional.of(TestCluster.bootstrap()),
        folder.resolve("pki"),
        rotate);
  }

  @Test
  void aNodeWithABootstrapTokenGetsACertificateAndAKubeconfig() throws IOException {
    var heard = new Heard<Pod>();
    var credentials = joining(false);
    try (var api =
            RemoteApiServer.connect(credentials, "joined", CallRates.UNLIMITED, CallListener.NONE);
        var _ = api.pods().follow(heard)) {
      heard.next("listed");
      assertThat(leaseOf("joined", api)).isEqualTo(404);
    }
    var link = folder.resolve("pki/kubelet-client-current.pem");
    assertThat(Files.readSymbolicLink(link).getFileName().toString())
        .matches("kubelet-client-\\d{4}(-\\d\\d){5}\\.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(link)))
        .isEqualTo("rw-------");
    try (var again = RemoteApiServer.connect(credentials.kubeconfig(), "joined")) {
      assertThat(leaseOf("joined", again)).isEqualTo(404);
      var renewed = link.toRealPath();
      try (var third =
          RemoteApiServer.connect(credentials, "joined", CallRates.UNLIMITED, CallListener.NONE)) {
        assertThat(leaseOf("joined", third)).isEqualTo(404);
      }
      assertThat(link.toRealPath()).as("nothing was asked for again").isEqualTo(renewed);
    }
  }

  @Test
  void aCertificateIsRenewedBeforeItExpiresAndWithItself() throws IOException {
    var credentials = joining(false);
    try (var api =
        RemoteApiServer.connect(credentials, "renewed", CallRates.UNLIMITED, CallListener.NONE)) {
      eventually(404, () -> leaseOf("renewed", api));
    }
    var link = folder.resolve("pki/kubelet-client-current.pem");
    var first = link.toRealPath();
    var alone =
        new NodeCredentials(
            credentials.kubeconfig(), Optional.empty(), folder.resolve("pki"), true);
    var late = Clock.offset(Clock.systemUTC(), Duration.ofDays(364));
    try (var api =
        RemoteApiServer.connect(alone, "renewed", CallRates.UNLIMITED, CallListener.NONE, late)) {
      eventually(1, () -> same(first, link) ? 0 : 1);
      assertThat(leaseOf("renewed", api)).isEqualTo(404);
    }
  }

  private static boolean same(Path file, Path link) {
    try {
      return link.toRealPath().equals(file);
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void theServingCertificateIsSignedOnceSomeoneApprovesIt() throws Exception {
    BlockingQueue<Instant> renewals = new LinkedBlockingQueue<>();
    var addresses =
        List.of(new NodeAddress("192.0.2.7", "InternalIP"), new NodeAddress("serving", "Hostname"));
    try (var api = RemoteApiServer.connect(TestCluster.node("serving"), "serving");
        var _ =
            ServingCertificate.start(
                api.certificates(),
                folder,
                "serving",
                () -> addresses,
                () -> renewals.add(Instant.now()))) {
      assertThat(ServingCertificate.file(folder)).doesNotExist();
      // Requests of earlier runs may be pending too.
      eventually(
          1,
          () -> {
            pending().forEach(name -> kubectl("certificate", "approve", name));
            return renewals.isEmpty() ? 0 : 1;
          });
      assertThat(renewals.take()).isBeforeOrEqualTo(Instant.now());
      var pem = Files.readString(ServingCertificate.file(folder));
      var identity = Identity.of(pem, pem);
      var template = CertificateTemplate.serving("serving", addresses).orElseThrow();
      assertThat(template.satisfiedBy(identity.leaf())).isTrue();
    }
  }

  private static List<String> pending() {
    return kubectl(
            "get",
            "csr",
            "-o",
            "jsonpath={range .items[?(@.spec.username==\"system:node:serving\")]}{.metadata.name}"
                + " {.status.conditions[0].type}\n"
                + "{end}")
        .lines()
        .map(String::strip)
        .filter(line -> !line.contains(" "))
        .toList();
  }
}
