package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.SandboxConfig.Dns;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodDNSConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodDnsTest {
  private static final Dns HOST =
      new Dns(List.of("192.0.2.53"), List.of("corp.example"), List.of("timeout:1"));
  private static final Dns CLUSTER =
      new Dns(
          List.of("10.96.0.10"),
          List.of("golden.svc.cluster.local", "svc.cluster.local", "cluster.local", "corp.example"),
          List.of("ndots:5"));

  @TempDir private Path temp;
  private Path resolvConf;
  private PodDns node;

  @BeforeEach
  void writeResolvConf() throws IOException {
    resolvConf =
        Files.writeString(
            temp.resolve("resolv.conf"),
            "# comment\nsearch old.example\n nameserver\t192.0.2.53 \nsearch corp.example.\noptions timeout:1\n");
    node = new PodDns(Optional.of(resolvConf), List.of("10.96.0.10"), "cluster.local", List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "Default, false, host",
    "Default, true, host",
    "ClusterFirst, false, cluster",
    ", false, cluster",
    "ClusterFirst, true, host",
    "ClusterFirstWithHostNet, true, cluster",
  })
  void asksWhomThePolicySays(String policy, boolean hostNetwork, String whom) throws IOException {
    var result = node.of(pod(policy, hostNetwork, null));

    assertThat(result.dns()).isEqualTo(whom.equals("host") ? HOST : CLUSTER);
    assertThat(result.warnings()).isEmpty();
  }

  @Test
  void asksOnlyWhomThePodNamesWithPolicyNone() throws IOException {
    var config =
        new PodDNSConfigBuilder()
            .withNameservers("10.9.8.7")
            .withSearches("golden.example")
            .addNewOption("ndots", "2")
            .build();

    assertThat(node.of(pod("None", false, config)).dns())
        .isEqualTo(new Dns(List.of("10.9.8.7"), List.of("golden.example"), List.of("ndots:2")));
  }

  @Test
  void addsThePodsWishesToThePolicys() throws IOException {
    var config =
        new PodDNSConfigBuilder()
            .withNameservers("10.96.0.10", "10.0.0.2")
            .withSearches("corp.example", "more.example")
            .addNewOption("ndots", "2")
            .addNewOption("edns0", null)
            .build();

    assertThat(node.of(pod("ClusterFirst", false, config)).dns())
        .isEqualTo(
            new Dns(
                List.of("10.96.0.10", "10.0.0.2"),
                List.of(
                    "golden.svc.cluster.local",
                    "svc.cluster.local",
                    "cluster.local",
                    "corp.example",
                    "more.example"),
                List.of("ndots:2", "edns0")));
  }

  @Test
  void fallsBackToTheHostsServersWithAWarningWithoutClusterDns() throws IOException {
    var alone = new PodDns(Optional.of(resolvConf), List.of(), "", List.of());

    var result = alone.of(pod("ClusterFirst", false, null));

    assertThat(result.dns()).isEqualTo(HOST);
    assertThat(result.warnings())
        .containsExactly(
            new PodDns.Warning(
                "MissingClusterDNS",
                "pod: \"web-golden-node_golden(a7af8e1e73df28a9daaeefcd1f2a5842)\". kubelet does not have ClusterDNS IP"
                    + " configured and cannot create Pod using \"ClusterFirst\" policy. Falling back to \"Default\" policy."));
  }

  @Test
  void asksTheLoopbackWhenTheHostsConfigurationIsTurnedOff() throws IOException {
    var off = new PodDns(Optional.empty(), List.of(), "", List.of("192.0.2.1", "fd00::1"));

    assertThat(off.of(pod("Default", false, null)).dns())
        .isEqualTo(new Dns(List.of("127.0.0.1", "::1"), List.of("."), List.of()));
    assertThat(
            new PodDns(Optional.empty(), List.of(), "", List.of())
                .of(pod("Default", false, null))
                .dns()
                .servers())
        .containsExactly("127.0.0.1");
  }

  @Test
  void cutsToTheLimitsOfResolversWithAWarningEach() throws IOException {
    var config =
        new PodDNSConfigBuilder()
            .withNameservers("1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4")
            .withSearches(IntStream.range(0, 7).mapToObj(i -> "s" + i).toList())
            .build();

    var result = node.of(pod("None", false, config));

    assertThat(result.dns().servers()).containsExactly("1.1.1.1", "2.2.2.2", "3.3.3.3");
    assertThat(result.dns().searches()).containsExactly("s0", "s1", "s2", "s3", "s4", "s5");
    assertThat(result.warnings())
        .extracting(PodDns.Warning::message)
        .containsExactly(
            "Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is:"
                + " 1.1.1.1 2.2.2.2 3.3.3.3",
            "Search Line limits were exceeded, some search paths have been omitted, the applied search line is:"
                + " s0 s1 s2 s3 s4 s5");
  }

  @Test
  void cutsASearchLineOfMoreThan256Characters() throws IOException {
    var config =
        new PodDNSConfigBuilder()
            .withNameservers("1.1.1.1")
            .withSearches("a".repeat(128), "b".repeat(127), "c")
            .build();

    assertThat(node.of(pod("None", false, config)).dns().searches())
        .containsExactly("a".repeat(128), "b".repeat(127));
  }

  @Test
  void namesTheFileThatCannotBeRead() throws IOException {
    Files.writeString(resolvConf, "nameserver\n");
    assertThatThrownBy(() -> node.of(pod("Default", false, null)))
        .hasMessage(resolvConf + ": expected an address after nameserver");
  }

  private static Pod pod(String policy, boolean hostNetwork, PodDNSConfig config) {
    return Pods.web()
        .editSpec()
        .withDnsPolicy(policy)
        .withHostNetwork(hostNetwork)
        .withDnsConfig(config)
        .endSpec()
        .build();
  }
}
