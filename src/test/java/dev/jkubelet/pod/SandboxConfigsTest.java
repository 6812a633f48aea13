package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.SandboxConfig;
import dev.jkubelet.runtime.SandboxConfig.Dns;
import dev.jkubelet.runtime.SandboxConfig.Namespaces;
import dev.jkubelet.runtime.SandboxConfig.PortMapping;
import java.util.List;
import org.junit.jupiter.api.Test;

class SandboxConfigsTest {
  private static final Dns DNS = new Dns(List.of("10.9.8.7"), List.of(), List.of());

  @Test
  void carriesWhatThePodIs() {
    var config = of("{containers: [{name: main}]}", true);

    assertThat(config.pod().name()).isEqualTo("web-node1");
    assertThat(config.attempt()).isEqualTo(1);
    assertThat(config.image()).isEqualTo("k8s.gcr.io/pause:3.2");
    assertThat(config.hostname()).isEqualTo("web");
    assertThat(config.cgroupParent()).isEqualTo("/kubepods/poda7af");
    assertThat(config.dns()).isEqualTo(DNS);
    assertThat(config.namespaces()).isEqualTo(new Namespaces(false, false, false, false));
    assertThat(config.labels()).containsOnlyKeys("app", "annotation.note");
    assertThat(config.sysctls()).isEmpty();
  }

  @Test
  void isTheLastToBeKilledWhereThatIsAllowed() {
    assertThat(of("{containers: []}", true).oomScoreAdj()).isEqualTo(-998);
    assertThat(of("{containers: []}", false).oomScoreAdj()).isZero();
  }

  @Test
  void mapsHostPortsOfAppContainersOnce() {
    var config =
        of(
            """
            {initContainers: [{name: i, ports: [{containerPort: 1, hostPort: 1}]}],
             containers: [
              {name: a, ports: [{containerPort: 80, hostPort: 8080}, {containerPort: 80, hostPort: 8080},
                                {name: dns, containerPort: 53, hostPort: 53, protocol: UDP, hostIP: 127.0.0.1},
                                {name: dns, containerPort: 54, hostPort: 54},
                                {containerPort: 9, hostPort: 0}]},
              {name: b, ports: [{containerPort: 7, hostPort: 7, protocol: SCTP}, {containerPort: 8}]}]}
            """,
            true);

    assertThat(config.ports())
        .containsExactly(
            new PortMapping("tcp", 80, 8080, ""),
            new PortMapping("udp", 53, 53, "127.0.0.1"),
            new PortMapping("sctp", 7, 7, ""));
  }

  @Test
  void sharesTheHostsNamespacesWhenAsked() {
    var config =
        of(
            "{hostNetwork: true, hostPID: true, hostIPC: true, shareProcessNamespace: true,"
                + " containers: [{name: a, ports: [{containerPort: 80, hostPort: 80}]}]}",
            true);

    assertThat(config.namespaces()).isEqualTo(new Namespaces(true, true, true, true));
    assertThat(config.ports()).isEmpty();
  }

  @Test
  void setsSysctls() {
    var config =
        of(
            "{containers: [], securityContext: {sysctls: [{name: net.core.somaxconn, value: '5'}]}}",
            true);

    assertThat(config.sysctls()).containsEntry("net.core.somaxconn", "5").hasSize(1);
  }

  private static SandboxConfig of(String spec, boolean canLowerOomScore) {
    return SandboxConfigs.of(
        Specs.pod(spec),
        1,
        "web",
        DNS,
        "/kubepods/poda7af",
        ContainerConfigsTest.settings(canLowerOomScore));
  }
}
