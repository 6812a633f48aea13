package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

class PodHostnameTest {
  @Test
  void prefersTheSpecsHostnameToThePodsName() {
    assertThat(nodename(pod("web", null, null, null))).isEqualTo("web");
    assertThat(nodename(pod("web", "own", null, null))).isEqualTo("own");
  }

  @Test
  void isTheFullNameOnlyWhenAsked() {
    assertThat(nodename(pod("web", "own", "sub", null))).isEqualTo("own");
    assertThat(nodename(pod("web", "own", "sub", true))).isEqualTo("own.sub.ns.svc.cluster.local");
    assertThat(nodename(pod("web", "own", null, true))).isEqualTo("own");
  }

  @Test
  void isCutTo63CharactersAndEndsWithALetterOrDigit() {
    assertThat(nodename(pod("a".repeat(64), null, null, null))).isEqualTo("a".repeat(63));
    assertThat(nodename(pod("a".repeat(60) + ".-.bcd", null, null, null)))
        .isEqualTo("a".repeat(60));
  }

  @Test
  void refusesWhatIsNoLabelOrTooLongForTheKernel() {
    assertThatThrownBy(() -> nodename(pod("web", "Own", null, null)))
        .isInstanceOfSatisfying(
            VolumeException.class,
            e -> assertThat(e.reason()).isEqualTo("CreateContainerConfigError"))
        .hasMessageStartingWith("pod Hostname \"Own\" is not a valid DNS label: ");
    assertThatThrownBy(() -> nodename(pod("web", null, "a.b", null)))
        .hasMessageStartingWith("pod Subdomain \"a.b\" is not a valid DNS label: ");
    assertThatThrownBy(() -> nodename(pod("a".repeat(50), null, "sub", true)))
        .hasMessage(
            "failed to construct FQDN from pod hostname and cluster domain, FQDN "
                + "a".repeat(50)
                + ".sub.ns.svc.cluster.local is too long (64 characters is the max, 75 characters requested)");
  }

  private static String nodename(Pod pod) {
    return PodHostname.of(pod, "cluster.local").nodename();
  }

  private static Pod pod(String name, String hostname, String subdomain, Boolean asFqdn) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withHostname(hostname)
        .withSubdomain(subdomain)
        .withSetHostnameAsFQDN(asFqdn)
        .endSpec()
        .build();
  }
}
