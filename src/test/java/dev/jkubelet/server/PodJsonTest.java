package dev.jkubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.PodSnapshot;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodJsonTest {
  private final PodLists lists = new PodLists();

  @Test
  void writesTheReferencePodsByteForByte() {
    assertThat(lists.body(GoldenPods.snapshots()).utf8String())
        .isEqualTo(GoldenPods.text("pods.json"));
  }

  @Test
  void writesRunningPodsByteForByte() {
    var order =
        List.of("unhealthy", "guaranteed", "noimage", "hostnet", "crash", "besteffort", "web");
    var pods = order.stream().map(name -> GoldenPods.snapshot(name + "-golden-node")).toList();
    var golden = GoldenPods.text("runningpods.json");
    // The engine lists the youngest container first; order says nothing here.
    var logger = golden.indexOf("{\"name\":\"logger\"");
    var httpd = golden.indexOf("{\"name\":\"httpd\"");
    var end = golden.indexOf("]", httpd);
    var reordered =
        golden.substring(0, logger)
            + golden.substring(httpd, end)
            + ","
            + golden.substring(logger, httpd - 1)
            + golden.substring(end);

    assertThat(PodJson.running(pods).utf8String()).isEqualTo(reordered);
  }

  @Test
  void leavesOutPodsThatEndedFromTheRunning() {
    var done = GoldenPods.snapshot("done-golden-node");
    assertThat(PodJson.running(List.of(done)).utf8String())
        .isEqualTo("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":null}\n");
  }

  @Test
  void writesNoPodsAsNull() {
    assertThat(lists.body(List.of()).utf8String())
        .isEqualTo("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":null}\n");
  }

  @Test
  void dropsZerosThatAreNoPointersAndKeepsThoseThatAre() {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .endMetadata()
            .withNewSpec()
            .withHostNetwork(false)
            .withTerminationGracePeriodSeconds(0L)
            .addNewContainer()
            .withName("c")
            .withTty(false)
            .withNewSecurityContext()
            .withPrivileged(false)
            .withRunAsUser(0L)
            .endSecurityContext()
            .addNewEnv()
            .withName("EMPTY")
            .withValue("")
            .endEnv()
            .endContainer()
            .endSpec()
            .build();

    assertThat(new String(PodJson.item(pod), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"metadata\":{\"name\":\"p\",\"creationTimestamp\":null},\"spec\":{\"containers\":"
                + "[{\"name\":\"c\",\"env\":[{\"name\":\"EMPTY\"}],\"resources\":{},"
                + "\"securityContext\":{\"privileged\":false,\"runAsUser\":0}}],"
                + "\"terminationGracePeriodSeconds\":0},\"status\":{}}");
  }

  @Test
  void escapesWhatGoEscapesAndSortsMaps() {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withAnnotations(Map.of("z", "<a>&\u2028\u0001\b\"\\\n", "b", "é"))
            .endMetadata()
            .build();

    assertThat(new String(PodJson.item(pod), StandardCharsets.UTF_8))
        .contains(
            "\"annotations\":{\"b\":\"é\",\"z\":"
                + "\"\\u003ca\\u003e\\u0026\\u2028\\u0001\\u0008\\\"\\\\\\n\"}");
  }

  @Test
  void writesAnUnchangedNodeOnce() {
    var pods = GoldenPods.snapshots();
    assertThat(lists.body(List.copyOf(pods))).isSameAs(lists.body(pods));
  }

  @Test
  void writesAChangedPodAnew() {
    var before = GoldenPods.snapshot("web-golden-node");
    lists.body(List.of(before));
    var pod = new PodBuilder(before.pod()).editStatus().withPhase("Failed").endStatus().build();

    assertThat(lists.body(List.of(new PodSnapshot(pod, before.containers()))).utf8String())
        .contains("\"phase\":\"Failed\"")
        .doesNotContain("\"phase\":\"Running\"");
  }

  @Test
  void forgetsPodsThatAreGone() {
    var pods = GoldenPods.snapshots();
    lists.body(pods);
    assertThat(lists.body(pods.subList(0, 1)).utf8String())
        .contains(pods.getFirst().pod().getMetadata().getName())
        .doesNotContain(pods.getLast().pod().getMetadata().getName());
  }
}
