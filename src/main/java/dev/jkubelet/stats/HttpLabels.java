package dev.jkubelet.stats;

import java.util.Set;

/**
 * Requests as {@code kubelet_http_requests_total} tells them apart: by method and by the first part
 * of the path, as far as the kubelet knows them.
 */
record HttpLabels(String longRunning, String method, String path, String serverType) {
  static final String[] NAMES = {"long_running", "method", "path", "server_type"};
  private static final String OTHER = "other";
  private static final Set<String> METHODS =
      Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");
  private static final Set<String> LONG_RUNNING = Set.of("exec", "attach", "portforward", "debug");
  private static final Set<String> PATHS =
      Set.of(
          "attach",
          "configz",
          "containerLogs",
          "debug",
          "exec",
          "healthz",
          "logs",
          "metrics",
          "metrics/cadvisor",
          "metrics/probes",
          "metrics/resource",
          "pods",
          "portForward",
          "pprof",
          "run",
          "runningpods",
          "spec",
          "stats");

  static HttpLabels of(String method, String path, boolean readOnly) {
    var root = root(path);
    var known = PATHS.contains(root) ? root : OTHER;
    return new HttpLabels(
        Boolean.toString(LONG_RUNNING.contains(known)),
        METHODS.contains(method) ? method : OTHER,
        known,
        readOnly ? "readonly" : "readwrite");
  }

  String[] values() {
    return new String[] {longRunning, method, path, serverType};
  }

  /** {@code /exec/ns/pod} is {@code exec}; only metrics has a second part. */
  private static String root(String path) {
    var parts = (path.startsWith("/") ? path.substring(1) : path).split("/", 3);
    return parts[0].equals("metrics") && parts.length > 1 ? parts[0] + "/" + parts[1] : parts[0];
  }
}
