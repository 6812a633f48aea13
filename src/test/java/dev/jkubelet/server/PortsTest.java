package dev.jkubelet.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.node.NodeHealth;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ports have in common: opening, limits, health, ready-made documents. */
class PortsTest {
  @TempDir private Path folder;

  @Test
  void namesFlagAndPortOfAPortThatIsTakenAndOpensNone() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var server = TestServer.start(TestServer.Options.in(folder))) {
      var at = new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort());
      var own = TestServer.settings(TestServer.Options.in(folder));
      var settings =
          new ServerSettings(
              own.kubelet(),
              own.readOnly(),
              Optional.of(at),
              own.cadvisor(),
              own.certFile(),
              own.keyFile(),
              true,
              Optional.empty(),
              own.clientCaFile(),
              true,
              true,
              own.nodeName(),
              own.nodeIps(),
              own.configz(),
              own.logs(),
              own.streams());
      var ports = new HttpPorts(server.kit().system(), settings, server.services());
      assertThatThrownBy(() -> ports.open().toCompletableFuture().get(30, TimeUnit.SECONDS))
          .rootCause()
          .isInstanceOf(java.net.BindException.class);
      assertThatThrownBy(() -> ports.open().toCompletableFuture().get(30, TimeUnit.SECONDS))
          .hasStackTraceContaining(
              "--healthz-port %d: expected a free address, but 127.0.0.1:%d can't be bound: Address already in use"
                  .formatted(at.getPort(), at.getPort()));
      for (var address : ports.addresses().values()) {
        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
            .isInstanceOf(java.net.ConnectException.class);
      }
    }
  }

  @Test
  void stopsListeningWhenClosed() throws Exception {
    try (var server = TestServer.start(TestServer.Options.in(folder))) {
      var at = server.at("--healthz-port");
      server.ports().close(Duration.ofMillis(200)).toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThatThrownBy(() -> new Socket(at.getAddress(), at.getPort()).close())
          .isInstanceOf(java.net.ConnectException.class);
    }
  }

  @Test
  void waitsForNoConnectionThatNobodyUses() throws Exception {
    try (var server = TestServer.start(TestServer.Options.in(folder))) {
      CompletableFuture<Void> closed;
      try (var idle = server.kubelet()) {
        idle.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
        assertThat(idle.getInputStream().read()).isEqualTo('H');

        closed = server.ports().close(Duration.ofMinutes(1)).toCompletableFuture();

        assertThat(idle.getInputStream().readAllBytes()).asString(US_ASCII).contains("200 OK");
      }
      closed.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void saysWhyTheNodeIsUnwellOnEveryPort() throws Exception {
    var unwell = new NodeHealth(Optional.of("no engine at unix:///x"), Optional.empty());
    try (var server = TestServer.start(TestServer.Options.in(folder).withHealth(unwell))) {
      for (var socket : List.of(server.healthz(), server.readOnly(), server.kubelet())) {
        var answer = RawHttp.get(socket, "/healthz");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.text())
            .startsWith("[+]ping ok\n")
            .endsWith("[-]runtime failed: no engine at unix:///x\nhealthz check failed\n");
      }
      assertThat(RawHttp.get(server.healthz(), "/healthz?exclude=runtime").text()).isEqualTo("ok");
    }
  }

  @Test
  void saysThatTheSyncLoopIsStuck() throws Exception {
    var stuck = new NodeHealth(Optional.empty(), Optional.of("stuck"));
    try (var server = TestServer.start(TestServer.Options.in(folder).withHealth(stuck))) {
      var answer = RawHttp.get(server.readOnly(), "/healthz/syncloop");
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.text()).isEqualTo("internal server error: stuck\n");
      assertThat(RawHttp.get(server.readOnly(), "/healthz").text())
          .isEqualTo("[+]ping ok\n[+]log ok\n[-]syncloop failed: stuck\nhealthz check failed\n");
    }
  }

  @Test
  void servesDocumentsAsTheyAre() throws Exception {
    try (var server = TestServer.start(TestServer.Options.in(folder))) {
      for (var socket : List.of(server.readOnly(), server.kubelet())) {
        var spec = RawHttp.get(socket, "/spec/");
        assertThat(spec.text()).isEqualTo("{\"num_cores\":2}");
        assertThat(spec.header("content-type")).hasValue("application/json");
      }
      assertThat(RawHttp.get(server.cadvisor(), "/api/v1.3/machine").text())
          .isEqualTo("{\"num_cores\":2}");
      assertThat(RawHttp.get(server.cadvisor(), "/healthz").text()).isEqualTo("ok");
      assertThat(RawHttp.get(server.kubelet(), "/configz").text())
          .isEqualTo("{\"kubeletconfig\":{\"port\":10250}}");
    }
  }

  @Test
  void servesMetricsAsOpenMetricsToWhoPrefersThatAndZippedWhenAsked() throws Exception {
    try (var server = TestServer.start(TestServer.Options.in(folder))) {
      var prometheus =
          "Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
              + "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
      for (var socket : List.of(server.readOnly(), server.kubelet(), server.cadvisor())) {
        var open = RawHttp.get(socket, "/metrics", prometheus);
        assertThat(open.text()).isEqualTo(TestServer.METRICS + "# EOF\n");
        assertThat(open.header("content-type"))
            .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
      }
      var plain =
          RawHttp.get(
              server.readOnly(),
              "/metrics",
              "Accept: text/plain, application/openmetrics-text;q=0.9");
      assertThat(plain.text()).isEqualTo(TestServer.METRICS);
      assertThat(plain.header("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
      assertThat(plain.header("content-encoding")).isEmpty();
      for (var socket : List.of(server.readOnly(), server.kubelet(), server.cadvisor())) {
        var zipped = RawHttp.get(socket, "/metrics", "Accept-Encoding: deflate, gzip;q=1.0");
        assertThat(zipped.header("content-encoding")).hasValue("gzip");
        try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
          assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .isEqualTo(TestServer.METRICS);
        }
      }
    }
  }

  @Test
  void servesPodsOnOneLineWithoutGzip() throws Exception {
    try (var server = TestServer.start(TestServer.Options.in(folder))) {
      var answer = RawHttp.get(server.readOnly(), "/pods", "Accept-Encoding: gzip");
      assertThat(answer.text()).isEqualTo(GoldenPods.text("pods.json"));
      assertThat(answer.header("content-type")).hasValue("application/json");
      assertThat(answer.header("content-encoding")).isEmpty();
      assertThat(answer.header("server")).isEmpty();
      assertThat(RawHttp.get(server.readOnly(), "/pods", "Accept: text/html").status())
          .isEqualTo(406);
    }
  }

  @Test
  void boundsHeadersUrisAndBodies() throws Exception {
    try (var server = TestServer.start(TestServer.Options.in(folder))) {
      assertThat(RawHttp.get(server.readOnly(), "/pods", "X: " + "x".repeat(40_000)).status())
          .isEqualTo(431);
      assertThat(RawHttp.get(server.readOnly(), "/" + "x".repeat(70_000)).status()).isEqualTo(414);
      var many = new String[70];
      java.util.Arrays.setAll(many, i -> "X" + i + ": x");
      assertThat(RawHttp.get(server.readOnly(), "/pods", many).status()).isEqualTo(400);
      assertThat(RawHttp.get(server.readOnly(), "/healthz").status()).isEqualTo(200);
    }
  }
}
