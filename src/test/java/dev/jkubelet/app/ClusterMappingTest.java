package dev.jkubelet.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.cluster.CallRates;
import dev.jkubelet.cluster.CallRates.Rate;
import dev.jkubelet.cluster.NodeCredentials;
import dev.jkubelet.node.eviction.EvictionThreshold;
import dev.jkubelet.node.eviction.Evictor;
import dev.jkubelet.node.pressure.Signal;
import dev.jkubelet.node.pressure.Threshold;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterMappingTest {
  /** Those that this class tests, and without which a node is one of its own. */
  static final List<String> FLAGS =
      List.of(
          "kubeconfig",
          "bootstrap-kubeconfig",
          "rotate-certificates",
          "rotate-server-certificates",
          "register-node",
          "register-schedulable",
          "register-with-taints",
          "node-labels",
          "provider-id",
          "node-status-update-frequency",
          "node-status-max-images",
          "pods-per-core",
          "system-reserved",
          "kube-reserved",
          "eviction-hard",
          "eviction-soft",
          "eviction-soft-grace-period",
          "eviction-max-pod-grace-period",
          "eviction-minimum-reclaim",
          "eviction-pressure-transition-period",
          "kube-api-qps",
          "kube-api-burst",
          "event-qps",
          "event-burst",
          "enable-controller-attach-detach",
          "keep-terminated-pod-volumes");

  @TempDir Path folder;

  @Test
  void aNodeWithoutAKubeconfigIsOneOfItsOwn() {
    assertThat(Given.options().cluster()).isEmpty();
  }

  @Test
  void hasTheKubeletsDefaults() {
    var cluster = cluster();
    assertThat(cluster.credentials())
        .isEqualTo(
            new NodeCredentials(
                Path.of("/k"), Optional.empty(), Path.of("/var/lib/kubelet/pki"), false));
    assertThat(cluster.servingCertificate()).isFalse();
    assertThat(cluster.lease()).isEqualTo(Duration.ofSeconds(40));
    var registration = cluster.registration();
    assertThat(registration.node()).isTrue();
    assertThat(registration.schedulable()).isTrue();
    assertThat(registration.labels()).isEmpty();
    assertThat(registration.taints()).isEmpty();
    assertThat(registration.providerId()).isEmpty();
    assertThat(registration.controllerAttachDetach()).isTrue();
    assertThat(registration.keepTerminatedPodVolumes()).isFalse();
    assertThat(cluster.reporting().every()).isEqualTo(Duration.ofSeconds(10));
    assertThat(cluster.reporting().atLeastEvery()).isEqualTo(Duration.ofMinutes(5));
    assertThat(cluster.reporting().maxImages()).isEqualTo(50);
    var resources = Given.options().node().resources();
    assertThat(resources.maxPods()).isEqualTo(110);
    assertThat(resources.podsPerCore()).isZero();
    assertThat(resources.systemReserved()).isEmpty();
    assertThat(resources.kubeReserved()).isEmpty();
    assertThat(resources.evictionHard())
        .containsOnly(
            Map.entry(Signal.IMAGEFS_AVAILABLE, new Threshold("15%")),
            Map.entry(Signal.MEMORY_AVAILABLE, new Threshold("100Mi")),
            Map.entry(Signal.NODEFS_AVAILABLE, new Threshold("10%")),
            Map.entry(Signal.NODEFS_INODES_FREE, new Threshold("5%")));
    assertThat(cluster.pressureTransition()).isEqualTo(Duration.ofMinutes(5));
    assertThat(cluster.rates()).isEqualTo(new CallRates(new Rate(5, 10), new Rate(5, 10)));
  }

  @Test
  void takesWhatTheFlagsSay() {
    var options =
        joined(
            "--bootstrap-kubeconfig=/b",
            "--rotate-certificates",
            "--rotate-server-certificates",
            "--register-node=false",
            "--register-schedulable=false",
            "--node-labels=disk=ssd,node.kubernetes.io/team=blue,empty=",
            "--register-with-taints=dedicated=ml:NoSchedule,busy:NoExecute",
            "--provider-id=cloud://1",
            "--node-status-update-frequency=7s",
            "--node-status-max-images=-1",
            "--pods-per-core=4",
            "--system-reserved=cpu=200m,memory=1Gi",
            "--kube-reserved=pid=100",
            "--eviction-hard=memory.available<5%",
            "--eviction-soft=nodefs.available<1Gi",
            "--eviction-soft-grace-period=nodefs.available=90s",
            "--eviction-max-pod-grace-period=60",
            "--eviction-minimum-reclaim=memory.available=1%",
            "--eviction-pressure-transition-period=30s",
            "--kube-api-qps=50",
            "--kube-api-burst=100",
            "--event-qps=0",
            "--event-burst=20",
            "--enable-controller-attach-detach=false",
            "--keep-terminated-pod-volumes");
    var cluster = options.cluster().orElseThrow();
    assertThat(cluster.credentials().bootstrap()).contains(Path.of("/b"));
    assertThat(cluster.credentials().rotate()).isTrue();
    assertThat(cluster.servingCertificate()).isTrue();
    var registration = cluster.registration();
    assertThat(registration.node()).isFalse();
    assertThat(registration.schedulable()).isFalse();
    assertThat(registration.labels())
        .isEqualTo(Map.of("disk", "ssd", "node.kubernetes.io/team", "blue", "empty", ""));
    assertThat(registration.taints())
        .containsExactly(
            new Taint("NoSchedule", "dedicated", null, "ml"),
            new Taint("NoExecute", "busy", null, null));
    assertThat(registration.providerId()).contains("cloud://1");
    assertThat(registration.controllerAttachDetach()).isFalse();
    assertThat(registration.keepTerminatedPodVolumes()).isTrue();
    assertThat(cluster.reporting().every()).isEqualTo(Duration.ofSeconds(7));
    assertThat(cluster.reporting().maxImages()).isEqualTo(-1);
    var resources = options.node().resources();
    assertThat(resources.podsPerCore()).isEqualTo(4);
    assertThat(resources.systemReserved())
        .isEqualTo(Map.of("cpu", new Quantity("200m"), "memory", new Quantity("1Gi")));
    assertThat(resources.kubeReserved()).isEqualTo(Map.of("pid", new Quantity("100")));
    assertThat(resources.evictionHard())
        .isEqualTo(Map.of(Signal.MEMORY_AVAILABLE, new Threshold("5%")));
    assertThat(cluster.evictionSoft())
        .isEqualTo(Map.of(Signal.NODEFS_AVAILABLE, new Threshold("1Gi")));
    assertThat(cluster.eviction())
        .isEqualTo(
            new Evictor.Settings(
                List.of(
                    new EvictionThreshold(
                        Signal.MEMORY_AVAILABLE,
                        new Threshold("5%"),
                        Optional.empty(),
                        Optional.of(new Threshold("1%"))),
                    new EvictionThreshold(
                        Signal.NODEFS_AVAILABLE,
                        new Threshold("1Gi"),
                        Optional.of(Duration.ofSeconds(90)),
                        Optional.empty())),
                Duration.ofSeconds(60)));
    assertThat(cluster.pressureTransition()).isEqualTo(Duration.ofSeconds(30));
    assertThat(cluster.rates()).isEqualTo(new CallRates(new Rate(50, 100), new Rate(0, 20)));
  }

  @Test
  void takesWhatTheFileSays() {
    var file =
        Given.file(
            folder,
            """
            nodeStatusReportFrequency: 1m
            nodeLeaseDurationSeconds: 20
            serverTLSBootstrap: true
            systemReserved: {memory: 1Gi}
            """);
    var options = Given.options(file, "--kubeconfig=/k");
    var cluster = options.cluster().orElseThrow();
    assertThat(cluster.reporting().atLeastEvery()).isEqualTo(Duration.ofMinutes(1));
    assertThat(cluster.lease()).isEqualTo(Duration.ofSeconds(20));
    assertThat(cluster.servingCertificate()).isTrue();
    assertThat(options.node().resources().systemReserved()).containsOnlyKeys("memory");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --node-labels=disk                      | --node-labels: expected labels such as disk=ssd
          --node-labels=a b=c                     | --node-labels: expected labels such as disk=ssd
          --node-labels=kubernetes.io/mine=1      | --node-labels: expected in the namespaces of Kubernetes
          --register-with-taints=a=b              | --register-with-taints: expected taints such as
          --register-with-taints=a=b:Never        | --register-with-taints: expected taints such as
          --system-reserved=disk=1Gi              | --system-reserved: expected cpu, memory
          --kube-reserved=cpu=much                | --kube-reserved: expected an amount such as
          --kube-reserved=cpu=-1                  | --kube-reserved: expected an amount such as
          --eviction-soft=memory.available<1Gi    | --eviction-soft: expected a grace period (evictionSoftGracePeriod) with it, got
          --eviction-soft-grace-period=pid.available=x | --eviction-soft-grace-period: expected a duration such as 90s, got
          --eviction-hard=memory<1Gi              | --eviction-hard: expected a signal such as
          --eviction-hard=memory.available<101%   | --eviction-hard: expected an amount such as
          """)
  void namesTheFlagThatIsWrong(String flag, String message) {
    assertThatThrownBy(() -> cluster(flag))
        .isInstanceOf(StartFailure.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void wantsAPlaceForWhatBootstrappingBrings() {
    assertThatThrownBy(() -> Given.options("--bootstrap-kubeconfig=/b"))
        .hasMessageStartingWith("--bootstrap-kubeconfig: expected a --kubeconfig with it");
  }

  private static KubeletOptions.Cluster cluster(String... flags) {
    return joined(flags).cluster().orElseThrow();
  }

  private static KubeletOptions joined(String... flags) {
    return Given.options(
        Stream.concat(Stream.of("--kubeconfig=/k"), Stream.of(flags)).toArray(String[]::new));
  }
}
