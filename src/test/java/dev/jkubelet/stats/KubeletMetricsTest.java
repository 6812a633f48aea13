package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.cluster.CallListener;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KubeletMetricsTest {
  private final MovingClock clock = new MovingClock("2026-11-23T13:00:00Z");
  private final KubeletMetrics metrics =
      new KubeletMetrics("golden-node", BuildInfo.UNKNOWN, clock, Path.of("/proc"));

  @Test
  void namesAndExplainsEachFamilyAsTheRealKubeletDoes() {
    useEverything();

    var ours = render().lines().filter(line -> line.startsWith("# ")).toList();
    var recorded = new HashSet<>(Recorded.text("kubelet-families.txt").lines().toList());

    assertThat(ours)
        .filteredOn(line -> !line.contains(" jvm_") && !line.contains(" jkubelet_"))
        // The recorded kubelet had no failed sandbox and no failed volume, so no such series.
        .filteredOn(line -> !line.contains("kubelet_run_podsandbox_errors_total"))
        .filteredOn(line -> !line.contains("storage_operation_errors_total"))
        .hasSizeGreaterThan(50)
        .allSatisfy(line -> assertThat(recorded).contains(line));
  }

  @Test
  void sortsFamiliesByName() {
    useEverything();

    assertThat(render().lines().filter(line -> line.startsWith("# TYPE ")))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void usesTheKubeletsBucketsAndLabelOrder() {
    metrics.runtimeOperation("attach", Duration.ofMillis(1), false);
    metrics.httpRequest("GET", "/configz", false).close();
    metrics.httpRequest("GET", "/configz", false).close();

    assertThat(render().lines()).containsAll(Recorded.text("kubelet-buckets.txt").lines().toList());
  }

  @Test
  void countsFailuresOfTheEngineApart() {
    metrics.runtimeOperation("exec_sync", Duration.ofMillis(20), false);
    metrics.runtimeOperation("exec_sync", Duration.ofMillis(20), true);

    assertThat(render())
        .contains("kubelet_runtime_operations_total{operation_type=\"exec_sync\"} 2\n")
        .contains("kubelet_runtime_operations_errors_total{operation_type=\"exec_sync\"} 1\n");
  }

  @Test
  void measuresTheIntervalBetweenTheStartsOfTwoRelists() {
    metrics.relist(Duration.ofMillis(10));
    clock.move(Duration.ofMillis(1500));
    metrics.relist(Duration.ofMillis(20));

    assertThat(render())
        .contains("kubelet_pleg_relist_interval_seconds_sum 1.49\n")
        .contains("kubelet_pleg_relist_interval_seconds_count 1\n")
        .contains("kubelet_pleg_relist_duration_seconds_count 2\n")
        .contains("kubelet_pleg_last_seen_seconds 1.795438801e+09\n");
  }

  @Test
  void forgetsStatesThatNoContainerIsInAnyMore() {
    metrics.running(
        List.of(
            summary(ContainerType.SANDBOX, ContainerState.RUNNING, "p1"),
            summary(ContainerType.SANDBOX, ContainerState.EXITED, "p1"),
            summary(ContainerType.CONTAINER, ContainerState.RUNNING, "p1"),
            summary(ContainerType.CONTAINER, ContainerState.EXITED, "p1")));
    assertThat(render())
        .contains("kubelet_running_pods 1\n")
        .contains("kubelet_running_containers{container_state=\"exited\"} 1\n");

    metrics.running(1, Map.of("running", 2));

    assertThat(render())
        .contains("kubelet_running_containers{container_state=\"exited\"} 0\n")
        .contains("kubelet_running_containers{container_state=\"running\"} 2\n");
  }

  @Test
  void tellsRequestsApartOnlyAsFarAsTheKubeletKnowsThem() {
    metrics.httpRequest("GET", "/metrics/cadvisor?x", true).close();
    metrics.httpRequest("GET", "/metrics/cadvisor", true).close();
    metrics.httpRequest("BREW", "/coffee/" + "x".repeat(1000), false).close();
    try (var _ = metrics.httpRequest("POST", "/exec/default/web/main", false)) {
      assertThat(render())
          .contains(
              "kubelet_http_inflight_requests{long_running=\"true\",method=\"POST\",path=\"exec\","
                  + "server_type=\"readwrite\"} 1\n");
    }

    assertThat(render())
        .contains(
            "kubelet_http_requests_total{long_running=\"false\",method=\"GET\","
                + "path=\"metrics/cadvisor\",server_type=\"readonly\"} 1\n")
        .contains(
            "kubelet_http_requests_total{long_running=\"false\",method=\"other\",path=\"other\","
                + "server_type=\"readwrite\"} 1\n")
        .contains(
            "kubelet_http_inflight_requests{long_running=\"true\",method=\"POST\",path=\"exec\","
                + "server_type=\"readwrite\"} 0\n");
  }

  @Test
  void countsCallsToTheApiServerAsKubernetesOwnClientDoes() {
    var call = new CallListener.Call("GET", "https://10.0.0.1:6443", "/api/v1/nodes/{name}");
    metrics.apiServerCalls().waited(call, Duration.ZERO);
    metrics.apiServerCalls().answered(call, 404, Duration.ofMillis(3));
    metrics.apiServerCalls().unanswered(call, Duration.ofSeconds(15));

    var labels = "{url=\"https://10.0.0.1:6443/api/v1/nodes/%7Bname%7D\",verb=\"GET\"";
    assertThat(render())
        .contains(
            "rest_client_requests_total{code=\"404\",host=\"10.0.0.1:6443\",method=\"GET\"} 1\n")
        .contains(
            "rest_client_requests_total{code=\"<error>\",host=\"10.0.0.1:6443\","
                + "method=\"GET\"} 1\n")
        .contains("rest_client_request_duration_seconds_bucket" + labels + ",le=\"0.004\"} 1\n")
        .contains("rest_client_rate_limiter_duration_seconds_count" + labels + "} 1\n");
  }

  @Test
  void countsVolumesAndWhatIsDoneWithThemAsRecorded() {
    var volumes = metrics.volumes();
    var emptyDir = "kubernetes.io/empty-dir";
    volumes.wanted("p1", Map.of("a", emptyDir, "b", "kubernetes.io/nfs"));
    volumes.wanted("p2", Map.of("a", emptyDir));
    volumes.mounted("p1", "a", Duration.ofMillis(200), false);
    volumes.mounted("p1", "b", Duration.ofSeconds(3), true);
    volumes.mounted("p2", "a", Duration.ofMillis(1), false);

    assertThat(lines("volume_manager_total_volumes"))
        .containsExactly(
            "{plugin_name=\"kubernetes.io/empty-dir\",state=\"actual_state_of_world\"} 2",
            "{plugin_name=\"kubernetes.io/empty-dir\",state=\"desired_state_of_world\"} 2",
            "{plugin_name=\"kubernetes.io/nfs\",state=\"actual_state_of_world\"} 0",
            "{plugin_name=\"kubernetes.io/nfs\",state=\"desired_state_of_world\"} 1");
    assertThat(lines("storage_operation_status_count"))
        .containsExactly(
            "{operation_name=\"volume_mount\",status=\"fail-unknown\","
                + "volume_plugin=\"kubernetes.io/nfs\"} 1",
            "{operation_name=\"volume_mount\",status=\"success\","
                + "volume_plugin=\"kubernetes.io/empty-dir\"} 2");
    assertThat(lines("storage_operation_errors_total"))
        .containsExactly("{operation_name=\"volume_mount\",volume_plugin=\"kubernetes.io/nfs\"} 1");
    assertThat(lines("storage_operation_duration_seconds_bucket"))
        .hasSize(14)
        .startsWith(
            "{operation_name=\"volume_mount\",volume_plugin=\"kubernetes.io/empty-dir\","
                + "le=\"0.1\"} 1",
            "{operation_name=\"volume_mount\",volume_plugin=\"kubernetes.io/empty-dir\","
                + "le=\"0.25\"} 2");

    volumes.unmounted("p1", Duration.ofMillis(1), true);
    assertThat(lines("volume_manager_total_volumes")).hasSize(4);
    volumes.unmounted("p1", Duration.ofMillis(1), false);
    volumes.unmounted("p2", Duration.ofMillis(1), false);
    volumes.unmounted("stranger", Duration.ofMillis(1), false);

    assertThat(lines("volume_manager_total_volumes")).isEmpty();
    assertThat(lines("storage_operation_status_count"))
        .contains(
            "{operation_name=\"volume_unmount\",status=\"success\","
                + "volume_plugin=\"kubernetes.io/empty-dir\"} 2");
  }

  /** Of that name, without it. */
  private List<String> lines(String name) {
    return render()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .map(line -> line.substring(name.length()))
        .toList();
  }

  @Test
  void tellsHowLongItsCertificatesAreValid() {
    assertThat(render()).doesNotContain("kubelet_certificate_manager");

    metrics.certificates(
        () -> Optional.of(clock.instant().plusSeconds(3600)), () -> Optional.empty());

    assertThat(render())
        .contains("kubelet_certificate_manager_client_ttl_seconds 3600\n")
        .contains("kubelet_certificate_manager_server_ttl_seconds +Inf\n")
        .contains("Gauge of the TTL (time-to-live) of the Kubelet's client certificate. The value")
        .contains("Gauge of the shortest TTL (time-to-live) of the Kubelet's serving certificate.");
  }

  @Test
  void describesItsOwnProcess() {
    assertThat(render())
        .containsPattern("\nprocess_cpu_seconds_total [0-9.]+\n")
        .containsPattern("\nprocess_open_fds [1-9][0-9]*\n")
        .containsPattern("\nprocess_resident_memory_bytes [1-9][0-9.]+e\\+0[789]\n")
        .containsPattern("\nprocess_start_time_seconds [1-9][0-9.]+e\\+09\n")
        .containsPattern("\njvm_memory_used_bytes\\{area=\"heap\"} [1-9]")
        .contains("\nkubelet_node_name{node=\"golden-node\"} 1\n")
        .contains("\nkubernetes_build_info{build_date=");
  }

  private void useEverything() {
    metrics.runtimeOperation("run_podsandbox", Duration.ofMillis(5), true);
    metrics.engineRequest("create_container", Duration.ofMillis(1), true);
    metrics.cgroupOperation("create", Duration.ofMillis(1));
    metrics.podSeen(2);
    metrics.podWorkerStarted(Duration.ofMillis(1));
    metrics.podStarted(Duration.ofSeconds(2));
    metrics.podWorker("sync", Duration.ofMillis(3));
    metrics.relist(Duration.ofMillis(10));
    metrics.running(1, Map.of("running", 1));
    metrics.httpRequest("GET", "/pods", false).close();
    metrics.volumes().wanted("p1", Map.of("a", "kubernetes.io/secret"));
    metrics.volumes().mounted("p1", "a", Duration.ofMillis(1), false);
    metrics.volumes().mounted("p1", "a", Duration.ofMillis(1), true);
  }

  private static ContainerSummary summary(ContainerType type, ContainerState state, String pod) {
    return new ContainerSummary(
        "id", type, new PodKey("default", "web", pod), "main", 0, "", state, Instant.EPOCH);
  }

  private String render() {
    return new String(metrics.render(MetricsFormat.TEXT), StandardCharsets.UTF_8);
  }
}
