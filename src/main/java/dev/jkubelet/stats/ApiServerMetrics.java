package dev.jkubelet.stats;

import dev.jkubelet.cluster.CallListener;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Calls to the API server, under the names of Kubernetes' own client. Safe from any thread. */
final class ApiServerMetrics implements CallListener {
  /** In place of a status, where there was no answer. */
  private static final String ERROR = "<error>";

  private static final double[] SECONDS = Histogram.exponential(.001, 2, 10);

  private final Family<Histogram> waits =
      Family.histogram(
          "rest_client_rate_limiter_duration_seconds",
          "[ALPHA] Client side rate limiter latency in seconds. Broken down by verb and URL.",
          SECONDS,
          "url",
          "verb");
  private final Family<Histogram> durations =
      Family.histogram(
          "rest_client_request_duration_seconds",
          "[ALPHA] Request latency in seconds. Broken down by verb and URL.",
          SECONDS,
          "url",
          "verb");
  private final Family<LongAdder> requests =
      Family.counter(
          "rest_client_requests_total",
          "[ALPHA] Number of HTTP requests, partitioned by status code, method, and host.",
          "code",
          "host",
          "method");

  Stream<Metric> all() {
    return Stream.of(waits, durations, requests);
  }

  @Override
  public void waited(Call call, Duration forItsTurn) {
    waits.with(url(call), call.method()).observe(forItsTurn);
  }

  @Override
  public void answered(Call call, int status, Duration took) {
    count(call, Integer.toString(status), took);
  }

  @Override
  public void unanswered(Call call, Duration took) {
    count(call, ERROR, took);
  }

  private void count(Call call, String code, Duration took) {
    durations.with(url(call), call.method()).observe(took);
    requests.with(code, URI.create(call.server()).getAuthority(), call.method()).increment();
  }

  /** As Go prints it. */
  private static String url(Call call) {
    return call.server() + call.path().replace("{", "%7B").replace("}", "%7D");
  }
}
