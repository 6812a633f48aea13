package dev.jkubelet.stats;

import java.util.Comparator;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** The kubelet's own metrics, as far as there is something to count: names, texts and buckets. */
final class KubeletFamilies {
  private static final double[] SECONDS = Histogram.DEFAULT_BOUNDS;
  private static final String OPERATION = "operation_type";

  final Family<Histogram> cgroupOperations =
      histogram(
          "cgroup_manager_duration_seconds",
          "Duration in seconds for cgroup manager operations. Broken down by method.",
          SECONDS,
          OPERATION);
  final Family<Histogram> containersPerPod =
      histogram("containers_per_pod_count", "The number of containers per pod.", SECONDS);
  final Family<Histogram> engineDurations =
      histogram(
          "docker_operations_duration_seconds",
          "Latency in seconds of Docker operations. Broken down by operation type.",
          SECONDS,
          OPERATION);
  final Family<LongAdder> engineErrors =
      counter(
          "docker_operations_errors_total",
          "Cumulative number of Docker operation errors by operation type.",
          OPERATION);
  final Family<LongAdder> engineRequests =
      counter(
          "docker_operations_total",
          "Cumulative number of Docker operations by operation type.",
          OPERATION);
  final Family<AtomicReference<Double>> httpInflight =
      gauge("http_inflight_requests", "Number of the inflight http requests", HttpLabels.NAMES);
  final Family<Histogram> httpDurations =
      histogram(
          "http_requests_duration_seconds",
          "Duration in seconds to serve http requests",
          SECONDS,
          HttpLabels.NAMES);
  final Family<LongAdder> httpRequests =
      counter(
          "http_requests_total",
          "Number of the http requests received since the server started",
          HttpLabels.NAMES);
  final Family<AtomicReference<Double>> nodeConfigError =
      gauge(
          "node_config_error",
          "This metric is true (1) if the node is experiencing a configuration-related error, false"
              + " (0) otherwise.");
  final Family<AtomicReference<Double>> nodeName =
      gauge("node_name", "The node's name. The count is always 1.", "node");
  final Family<LongAdder> pulledBytes =
      Family.counter(
          "jkubelet_image_pull_bytes_total",
          "Bytes of images that came over the network, as they come.");
  final Family<Histogram> passes =
      Family.histogram(
          "jkubelet_stats_pass_duration_seconds",
          "Duration in seconds to measure the node: its cgroups that were due.",
          SECONDS);
  final Family<LongAdder> plegDiscards =
      counter("pleg_discard_events", "The number of discard events in PLEG.");
  final Family<AtomicReference<Double>> plegLastSeen =
      gauge("pleg_last_seen_seconds", "Timestamp in seconds when PLEG was last seen active.");
  final Family<Histogram> plegRelists =
      histogram(
          "pleg_relist_duration_seconds",
          "Duration in seconds for relisting pods in PLEG.",
          SECONDS);
  final Family<Histogram> plegIntervals =
      histogram(
          "pleg_relist_interval_seconds",
          "Interval in seconds between relisting in PLEG.",
          SECONDS);
  final Family<Histogram> podStarts =
      histogram(
          "pod_start_duration_seconds",
          "Duration in seconds for a single pod to go from pending to running.",
          SECONDS);
  final Family<Histogram> podSyncs =
      histogram(
          "pod_worker_duration_seconds",
          "Duration in seconds to sync a single pod. Broken down by operation type: create, update,"
              + " or sync",
          SECONDS,
          OPERATION);
  final Family<Histogram> workerStarts =
      histogram(
          "pod_worker_start_duration_seconds",
          "Duration in seconds from seeing a pod to starting a worker.",
          SECONDS);
  final Family<Histogram> sandboxRuns =
      histogram(
          "run_podsandbox_duration_seconds",
          "Duration in seconds of the run_podsandbox operations. Broken down by"
              + " RuntimeClass.Handler.",
          SECONDS,
          "runtime_handler");
  final Family<LongAdder> sandboxErrors =
      counter(
          "run_podsandbox_errors_total",
          "Cumulative number of the run_podsandbox operation errors by RuntimeClass.Handler.",
          "runtime_handler");
  final Family<AtomicReference<Double>> runningContainers =
      gauge("running_containers", "Number of containers currently running", "container_state");
  final Family<AtomicReference<Double>> runningPods =
      gauge("running_pods", "Number of pods currently running");
  final Family<Histogram> runtimeDurations =
      histogram(
          "runtime_operations_duration_seconds",
          "Duration in seconds of runtime operations. Broken down by operation type.",
          Histogram.exponential(.005, 2.5, 14),
          OPERATION);
  final Family<LongAdder> runtimeErrors =
      counter(
          "runtime_operations_errors_total",
          "Cumulative number of runtime operation errors by operation type.",
          OPERATION);
  final Family<LongAdder> runtimeOperations =
      counter(
          "runtime_operations_total",
          "Cumulative number of runtime operations by operation type.",
          OPERATION);

  /** Writes all of them and {@code others}, sorted by name. */
  void render(Exposition out, Stream<Metric> others) {
    Stream.concat(all(), others)
        .sorted(Comparator.comparing(Metric::name))
        .forEach(metric -> metric.render(out));
  }

  private Stream<Metric> all() {
    return Stream.of(
        cgroupOperations,
        containersPerPod,
        engineDurations,
        engineErrors,
        engineRequests,
        httpInflight,
        httpDurations,
        httpRequests,
        nodeConfigError,
        nodeName,
        plegDiscards,
        plegLastSeen,
        plegRelists,
        plegIntervals,
        podStarts,
        podSyncs,
        workerStarts,
        sandboxRuns,
        sandboxErrors,
        runningContainers,
        runningPods,
        runtimeDurations,
        runtimeErrors,
        runtimeOperations);
  }

  private static Family<Histogram> histogram(
      String name, String help, double[] bounds, String... labels) {
    return Family.histogram("kubelet_" + name, "[ALPHA] " + help, bounds, labels);
  }

  private static Family<LongAdder> counter(String name, String help, String... labels) {
    return Family.counter("kubelet_" + name, "[ALPHA] " + help, labels);
  }

  private static Family<AtomicReference<Double>> gauge(String name, String help, String... labels) {
    return Family.gauge("kubelet_" + name, "[ALPHA] " + help, labels);
  }
}
