package dev.jkubelet.app;

import dev.jkubelet.app.KubeletOptions.AuthorizationMode;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Every setting that has an effect, its default, and two other values. */
final class SettingRows {
  private SettingRows() {}

  static Stream<SettingRow> all() {
    return Stream.of(sources(), node(), ports(), who(), EngineSettingRows.all())
        .flatMap(all -> all);
  }

  private static Stream<SettingRow> sources() {
    return Stream.of(
        SettingRow.path(
            "pod-manifest-path",
            "staticPodPath",
            o -> o.sources().manifestPath(),
            Optional.empty()),
        SettingRow.of(
            "manifest-url",
            "staticPodURL",
            o -> o.sources().manifestUrl(),
            Optional.empty(),
            "http://file/pods",
            Optional.of(URI.create("http://file/pods")),
            "https://flag:1/pods",
            Optional.of(URI.create("https://flag:1/pods"))),
        SettingRow.of(
            "manifest-url-header",
            "staticPodURLHeader",
            o -> o.sources().manifestUrlHeaders(),
            Map.of(),
            "{A: [b, c]}",
            Map.of("A", List.of("b", "c")),
            "D:e,F:g,D:h",
            Map.of("D", List.of("e", "h"), "F", List.of("g"))),
        SettingRow.duration(
            "file-check-frequency",
            "fileCheckFrequency",
            o -> o.sources().fileCheckFrequency(),
            Duration.ofSeconds(20)),
        SettingRow.duration(
            "http-check-frequency",
            "httpCheckFrequency",
            o -> o.sources().httpCheckFrequency(),
            Duration.ofSeconds(20)),
        SettingRow.duration(
            "sync-frequency",
            "syncFrequency",
            o -> o.node().syncFrequency(),
            Duration.ofMinutes(1)));
  }

  private static Stream<SettingRow> node() {
    return Stream.of(
        SettingRow.ofFlag(
            "hostname-override", o -> o.node().name(), null, " Some.Node ", "some.node"),
        SettingRow.ofFlag(
            "node-ip",
            o -> o.node().ips().stream().map(InetAddress::getHostAddress).toList(),
            List.of(),
            "10.0.0.1,fd00::1",
            List.of("10.0.0.1", "fd00:0:0:0:0:0:0:1")),
        SettingRow.ofFlag(
            "root-dir",
            o -> o.node().rootDir(),
            Path.of("/var/lib/kubelet"),
            "/r/../s",
            Path.of("/s")),
        SettingRow.ofFlag(
            "cert-dir",
            o -> o.server().tls().certFile(),
            Path.of("/var/lib/kubelet/pki/kubelet.crt"),
            "/c",
            Path.of("/c/kubelet.crt")),
        SettingRow.number("max-pods", "maxPods", o -> o.node().resources().maxPods(), 110, n -> n));
  }

  private static Stream<SettingRow> ports() {
    Function<Integer, Object> optional = Optional::of;
    return Stream.of(
        SettingRow.of(
            "enable-server",
            "enableServer",
            o -> o.server().kubelet().isPresent(),
            true,
            "false",
            false,
            "true",
            true),
        SettingRow.bind("address", "address", o -> o.server().kubelet(), "0.0.0.0"),
        SettingRow.number(
            "port",
            "port",
            o -> SettingRow.port(o.server().kubelet()),
            Optional.of(10250),
            optional),
        SettingRow.number(
            "read-only-port",
            "readOnlyPort",
            o -> SettingRow.port(o.server().readOnly()),
            Optional.of(10255),
            optional),
        SettingRow.ofFlag(
                "read-only-bind-address",
                o -> SettingRow.address(o.server().readOnly()),
                Optional.of("127.0.0.1"),
                "0.0.0.0",
                Optional.of("0.0.0.0"))
            .with("--read-only-port=10255"),
        SettingRow.bind(
            "healthz-bind-address", "healthzBindAddress", o -> o.server().healthz(), "127.0.0.1"),
        SettingRow.number(
            "healthz-port",
            "healthzPort",
            o -> SettingRow.port(o.server().healthz()),
            Optional.of(10248),
            optional),
        SettingRow.ofFlag(
            "cadvisor-bind-address",
            o -> SettingRow.address(o.server().cadvisor()),
            Optional.of("127.0.0.1"),
            "0.0.0.0",
            Optional.of("0.0.0.0")),
        SettingRow.ofFlag(
            "cadvisor-port",
            o -> SettingRow.port(o.server().cadvisor()),
            Optional.of(4194),
            "0",
            Optional.empty()),
        SettingRow.ofFlag(
            "enable-cadvisor-json-endpoints",
            o -> o.server().cadvisorJsonEndpoints(),
            true,
            "false",
            false),
        SettingRow.duration(
            "streaming-connection-idle-timeout",
            "streamingConnectionIdleTimeout",
            o -> o.server().streamingIdleTimeout(),
            Duration.ofHours(4)));
  }

  private static Stream<SettingRow> who() {
    return Stream.of(
        SettingRow.of(
                "tls-cert-file",
                "tlsCertFile",
                o -> o.server().tls().certFile(),
                Path.of("/var/lib/kubelet/pki/kubelet.crt"),
                "/of/file",
                Path.of("/of/file"),
                "/of/flag",
                Path.of("/of/flag"))
            .with("--tls-private-key-file=/k"),
        SettingRow.of(
                "tls-private-key-file",
                "tlsPrivateKeyFile",
                o -> o.server().tls().keyFile(),
                Path.of("/var/lib/kubelet/pki/kubelet.key"),
                "/of/file",
                Path.of("/of/file"),
                "/of/flag",
                Path.of("/of/flag"))
            .with("--tls-cert-file=/c"),
        SettingRow.path(
            "client-ca-file",
            "authentication.x509.clientCAFile",
            o -> o.server().auth().clientCaFile(),
            Optional.empty()),
        SettingRow.bool(
            "anonymous-auth",
            "authentication.anonymous.enabled",
            o -> o.server().auth().anonymous(),
            true),
        SettingRow.of(
            "authorization-mode",
            "authorization.mode",
            o -> o.server().auth().authorization(),
            AuthorizationMode.ALWAYS_ALLOW,
            "Webhook",
            AuthorizationMode.WEBHOOK,
            "AlwaysAllow",
            AuthorizationMode.ALWAYS_ALLOW),
        SettingRow.bool(
            "authentication-token-webhook",
            "authentication.webhook.enabled",
            o -> o.server().auth().webhook().tokens(),
            false),
        SettingRow.duration(
            "authentication-token-webhook-cache-ttl",
            "authentication.webhook.cacheTTL",
            o -> o.server().auth().webhook().tokensFor(),
            Duration.ofMinutes(2)),
        SettingRow.duration(
            "authorization-webhook-cache-authorized-ttl",
            "authorization.webhook.cacheAuthorizedTTL",
            o -> o.server().auth().webhook().allowedFor(),
            Duration.ofMinutes(5)),
        SettingRow.duration(
            "authorization-webhook-cache-unauthorized-ttl",
            "authorization.webhook.cacheUnauthorizedTTL",
            o -> o.server().auth().webhook().refusedFor(),
            Duration.ofSeconds(30)));
  }
}
