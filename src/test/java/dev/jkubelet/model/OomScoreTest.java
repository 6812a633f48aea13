package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OomScoreTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', 1000",
    "'', memory=0, 1000",
    "'', cpu=10, 999",
    "cpu=0, memory=10G, 999",
    "cpu=5m memory=10G, cpu=5m memory=10G, -997",
    "cpu=5m memory=4G, memory=10G, 500",
    "cpu=5m memory=7999999999, '', 3",
    "cpu=5m memory=80G, '', 3",
    "memory=1, '', 999",
  })
  void fallsWithTheShareOfMemoryAskedFor(String requests, String limits, int expected) {
    var container = Pods.container(requests, limits);

    assertThat(OomScore.adjustment(Pods.of(container), container, 8_000_000_000L))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes.io/config.source, file, -997",
    "kubernetes.io/config.source, http, -997",
    "kubernetes.io/config.source, api, 1000",
    "kubernetes.io/config.mirror, anything, -997",
    "note, static, 1000",
  })
  void sparesStaticAndMirrorPods(String key, String value, int expected) {
    var pod =
        new PodBuilder(plain()).editMetadata().addToAnnotations(key, value).endMetadata().build();

    assertThat(score(pod)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"2000000000, -997", "1999999999, 1000"})
  void sparesSystemPriorities(int priority, int expected) {
    var pod = new PodBuilder(plain()).editSpec().withPriority(priority).endSpec().build();

    assertThat(score(pod)).isEqualTo(expected);
  }

  @Test
  void doesWithoutKnowingTheNodesMemory() {
    var container = Pods.container("memory=1Gi", "");

    assertThat(OomScore.adjustment(Pods.of(container), container, 0)).isEqualTo(3);
  }

  private static Pod plain() {
    return Pods.of(Pods.container("", ""));
  }

  private static int score(Pod pod) {
    return OomScore.adjustment(pod, pod.getSpec().getContainers().getFirst(), 8_000_000_000L);
  }
}
