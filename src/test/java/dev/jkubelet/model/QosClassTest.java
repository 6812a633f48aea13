package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QosClassTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', BestEffort",
    "cpu=0, memory=0, BestEffort",
    "ephemeral-storage=1Gi, ephemeral-storage=1Gi, BestEffort",
    "cpu=1, '', Burstable",
    "'', memory=1Gi, Burstable",
    "cpu=1 memory=1Gi, cpu=1 memory=1Gi, Guaranteed",
    "cpu=1000m memory=1024Mi, cpu=1 memory=1Gi, Guaranteed",
    "cpu=1 memory=1Gi example.com/gpu=1, cpu=1 memory=1Gi, Guaranteed",
    "cpu=1 memory=1Gi, cpu=2 memory=1Gi, Burstable",
    "cpu=1 memory=1Gi, memory=1Gi, Burstable",
    "memory=1Gi, memory=1Gi, Burstable",
    "cpu=1, cpu=1 memory=1Gi, Burstable",
  })
  void comesFromRequestsAndLimits(String requests, String limits, String expected) {
    var pod = Pods.of(Pods.container(requests, limits));

    assertThat(QosClass.of(pod).text()).isEqualTo(expected);
  }

  @Test
  void isGuaranteedOnlyIfEveryContainerIsLimited() {
    var full = Pods.container("cpu=1 memory=1Gi", "cpu=1 memory=1Gi");

    assertThat(QosClass.of(Pods.of(full, full))).isEqualTo(QosClass.GUARANTEED);
    assertThat(QosClass.of(Pods.of(full, Pods.container("", "")))).isEqualTo(QosClass.BURSTABLE);
  }

  @Test
  void countsInitContainers() {
    var pod =
        new PodBuilder(Pods.of(Pods.container("", "")))
            .editSpec()
            .withInitContainers(Pods.container("cpu=1", ""))
            .endSpec()
            .build();

    assertThat(QosClass.of(pod)).isEqualTo(QosClass.BURSTABLE);
  }
}
