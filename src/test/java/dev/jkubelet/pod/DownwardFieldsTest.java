package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.model.Allocatable;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectFieldSelector;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownwardFieldsTest {
  private static final Container LIMITED =
      Specs.container(
          """
          name: main
          resources:
            requests: {cpu: 50m, memory: 16Mi, ephemeral-storage: 1Gi, hugepages-2Mi: 4Mi}
            limits: {cpu: 1200m, memory: 64Mi, hugepages-2Mi: 4Mi}
          """);

  private static final DownwardFields FIELDS =
      fields(
          "{nodeName: node1, serviceAccountName: builder, containers: [{name: other}]}",
          "10.1.0.2",
          "fd00::2");

  @ParameterizedTest
  @CsvSource({
    "metadata.name, web-node1",
    "metadata.namespace, golden",
    "metadata.uid, a7af",
    "metadata.labels['app'], web",
    "metadata.labels['none'], ''",
    "metadata.annotations['note'], hi",
    "spec.nodeName, node1",
    "spec.serviceAccountName, builder",
    "status.hostIP, 10.0.0.1",
    "status.podIP, 10.1.0.2",
    "status.podIPs, '10.1.0.2,fd00::2'",
  })
  void tellsThePodsFields(String path, String value) {
    assertThat(FIELDS.field(new ObjectFieldSelector("v1", path))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spec.dnsPolicy", "metadata.labels", "metadata.name['x']", "status.phase"})
  void namesAnUnknownField(String path) {
    assertThatThrownBy(() -> FIELDS.field(new ObjectFieldSelector("v1", path)))
        .isInstanceOf(BadConfig.class)
        .hasMessage("unsupported fieldPath: " + path);
  }

  @Test
  void givesAPodOnTheHostsNetworkTheHostsAddress() {
    assertThat(fields("{hostNetwork: true}").field(new ObjectFieldSelector("v1", "status.podIP")))
        .isEqualTo("10.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "limits.cpu, 0, 2",
    "limits.cpu, 1m, 1200",
    "limits.cpu, 500m, 3",
    "requests.cpu, 1, 1",
    "requests.cpu, 1m, 50",
    "limits.memory, 0, 67108864",
    "limits.memory, 1Mi, 64",
    "limits.memory, 1Gi, 1",
    "requests.memory, 1k, 16778",
    "requests.ephemeral-storage, 1Mi, 1024",
    "limits.hugepages-2Mi, 1Mi, 4",
    "requests.hugepages-2Mi, 1, 4194304",
  })
  void countsResourcesInUnitsOfTheDivisorRoundedUp(String resource, String divisor, String value) {
    assertThat(FIELDS.resource(selector("", resource, divisor), LIMITED)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "limits.cpu, 4",
    "limits.memory, 8589934592",
    "limits.ephemeral-storage, 107374182400",
    "requests.cpu, 0",
    "requests.memory, 0"
  })
  void givesAContainerWithoutLimitsTheNodes(String resource, String value) {
    assertThat(FIELDS.resource(selector("other", resource, "0"), LIMITED)).isEqualTo(value);
  }

  @Test
  void namesWhatIsNotThere() {
    assertThatThrownBy(() -> FIELDS.resource(selector("", "limits.gpu", "0"), LIMITED))
        .hasMessage("unsupported container resource : limits.gpu");
    assertThatThrownBy(() -> FIELDS.resource(selector("gone", "limits.cpu", "0"), LIMITED))
        .hasMessage("container gone not found");
  }

  private static DownwardFields fields(String spec, String... ips) {
    return new DownwardFields(
        Specs.pod(spec),
        List.of(ips),
        Optional.of("10.0.0.1"),
        new Allocatable(4000, 8L << 30, 100L << 30));
  }

  private static ResourceFieldSelector selector(String container, String resource, String divisor) {
    return new ResourceFieldSelector(container, new Quantity(divisor), resource);
  }
}
