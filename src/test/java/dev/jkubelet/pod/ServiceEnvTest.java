package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceEnvTest {
  private static final Service API =
      service("default", "kubernetes", "10.0.0.1", "[{name: https, port: 443, protocol: TCP}]");
  private static final Service WEB =
      service(
          "shop",
          "my-web",
          "10.0.0.7",
          "[{name: http-alt, port: 80}, {name: dns, port: 53, protocol: UDP}]");

  @Test
  void tellsAddressAndPortsAndWhatDockersLinksTold() {
    assertThat(ServiceEnv.of(List.of(WEB), "shop", true))
        .containsOnly(
            Map.entry("MY_WEB_SERVICE_HOST", "10.0.0.7"),
            Map.entry("MY_WEB_SERVICE_PORT", "80"),
            Map.entry("MY_WEB_SERVICE_PORT_HTTP_ALT", "80"),
            Map.entry("MY_WEB_SERVICE_PORT_DNS", "53"),
            Map.entry("MY_WEB_PORT", "tcp://10.0.0.7:80"),
            Map.entry("MY_WEB_PORT_80_TCP", "tcp://10.0.0.7:80"),
            Map.entry("MY_WEB_PORT_80_TCP_PROTO", "tcp"),
            Map.entry("MY_WEB_PORT_80_TCP_PORT", "80"),
            Map.entry("MY_WEB_PORT_80_TCP_ADDR", "10.0.0.7"),
            Map.entry("MY_WEB_PORT_53_UDP", "udp://10.0.0.7:53"),
            Map.entry("MY_WEB_PORT_53_UDP_PROTO", "udp"),
            Map.entry("MY_WEB_PORT_53_UDP_PORT", "53"),
            Map.entry("MY_WEB_PORT_53_UDP_ADDR", "10.0.0.7"));
  }

  @Test
  void alwaysTellsOfTheApiServer() {
    assertThat(ServiceEnv.of(List.of(API, WEB), "other", true))
        .containsKey("KUBERNETES_SERVICE_HOST")
        .doesNotContainKey("MY_WEB_SERVICE_HOST");
    assertThat(ServiceEnv.of(List.of(API, WEB), "shop", false))
        .containsKey("KUBERNETES_SERVICE_HOST")
        .doesNotContainKey("MY_WEB_SERVICE_HOST");
    assertThat(ServiceEnv.of(List.of(API, WEB), "shop", null)).containsKey("MY_WEB_SERVICE_HOST");
  }

  @Test
  void prefersTheNamespacesOwnOfThatName() {
    var own = service("shop", "kubernetes", "10.0.0.9", "[{port: 1}]");

    assertThat(ServiceEnv.of(List.of(API, own), "shop", true))
        .containsEntry("KUBERNETES_SERVICE_HOST", "10.0.0.9");
  }

  @Test
  void leavesOutServicesWithoutAnAddress() {
    assertThat(
            ServiceEnv.of(
                List.of(
                    service("shop", "headless", "None", "[{port: 1}]"),
                    service("shop", "external", "", "[{port: 1}]")),
                "shop",
                true))
        .isEmpty();
  }

  @Test
  void putsSixthVersionAddressesInBrackets() {
    assertThat(ServiceEnv.of(List.of(service("a", "x", "fd00::1", "[{port: 1}]")), "a", true))
        .containsEntry("X_PORT", "tcp://[fd00::1]:1")
        .containsEntry("X_SERVICE_HOST", "fd00::1");
  }

  private static Service service(String namespace, String name, String address, String ports) {
    return Specs.parse(
        Service.class,
        "metadata: {namespace: %s, name: %s}\nspec: {clusterIP: '%s', ports: %s}"
            .formatted(namespace, name, address, ports));
  }
}
