package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.source.StaticPod;
import dev.jkubelet.pod.Spans;
import dev.jkubelet.stats.KubeletMetrics;
import dev.jkubelet.stats.MetricsFormat;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MeteredSpansTest {
  private Instant now = Instant.parse("2026-11-23T13:00:00Z");
  private final KubeletMetrics metrics = new KubeletMetrics("node1");
  private final MeteredSpans spans =
      new MeteredSpans(
          Spans.NONE,
          metrics,
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          });
  private final Pod pod =
      StaticPod.seen(
          new PodBuilder()
              .withNewMetadata()
              .withUid("u1")
              .addToAnnotations("a", "b")
              .endMetadata()
              .withNewSpec()
              .withContainers(new Container(), new Container())
              .endSpec()
              .build(),
          now);

  @Test
  void aPodStartsFromItsFirstSightUntilItRuns() {
    after(1);
    spans.admitted(pod);
    step("", Spans.SANDBOX, 2);
    step("main", Spans.PULL, 3);
    spans.told(pod, "Pending");
    step("main", Spans.START, 1);
    spans.told(pod, "Running");
    spans.told(pod, "Running");

    assertThat(text())
        .contains("kubelet_containers_per_pod_count_sum 2\n")
        .contains("kubelet_pod_worker_start_duration_seconds_sum 1\n")
        .contains("kubelet_pod_start_duration_seconds_sum 7\n")
        .contains("kubelet_pod_start_duration_seconds_count 1\n")
        .contains("kubelet_pod_worker_duration_seconds_sum{operation_type=\"create\"} 6\n")
        .doesNotContain("operation_type=\"sync\"");
  }

  @Test
  void aContainerThatIsStartedAgainIsASync() {
    spans.admitted(pod);
    step("", Spans.SANDBOX, 1);
    spans.told(pod, "Running");
    after(60);
    step("main", Spans.PULL, 2);
    step("main", Spans.CREATE, 1);
    step("main", Spans.START, 1);

    assertThat(text())
        .contains("kubelet_pod_worker_duration_seconds_sum{operation_type=\"sync\"} 4\n")
        .contains("kubelet_pod_worker_duration_seconds_count{operation_type=\"sync\"} 1\n");
  }

  @Test
  void aPodThatRanAlreadyWhenTheAgentStartedIsNoStart() {
    spans.admitted(pod);
    step("", Spans.VOLUMES, 5);
    spans.told(pod, "Running");

    assertThat(text())
        .contains("kubelet_pod_start_duration_seconds_count 0\n")
        .doesNotContain("kubelet_pod_worker_duration_seconds");
  }

  private void step(String container, String name, int seconds) {
    var done = new CompletableFuture<String>();
    var _ = spans.step(pod, container, name, () -> done);
    after(seconds);
    done.complete("done");
  }

  private void after(int seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }

  private String text() {
    return new String(metrics.render(MetricsFormat.TEXT), StandardCharsets.UTF_8);
  }
}
