package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodRequestsTest {
  @Test
  void addUpWhatRunsSideBySide() {
    assertThat(
            PodRequests.of(
                pod(
                    "{containers: [{name: a, resources: {requests: {cpu: 250m, memory: 1Ki}}},"
                        + " {name: b, resources: {requests: {cpu: '1', memory: 24}}}, {name: c}]}")))
        .isEqualTo(Map.of("cpu", 1250L, "memory", 1048L));
  }

  @Test
  void takeTheLargestOfWhatRunsBefore() {
    assertThat(
            PodRequests.of(
                pod(
                    "{initContainers: [{name: i, resources: {requests: {cpu: '2', memory: 10}}},"
                        + " {name: j, resources: {requests: {cpu: '1', memory: 30}}}],"
                        + " containers: [{name: a, resources: {requests: {cpu: 500m, memory: 20}}}]}")))
        .isEqualTo(Map.of("cpu", 2000L, "memory", 30L));
  }

  @Test
  void comeWithTheOverhead() {
    assertThat(
            PodRequests.of(
                pod(
                    "{overhead: {cpu: 100m}, containers: [{name: a, resources: {requests: {cpu:"
                        + " 500m}}}]}")))
        .isEqualTo(Map.of("cpu", 600L));
  }

  @Test
  void leaveOutWhatIsZero() {
    assertThat(
            PodRequests.of(
                pod(
                    "{containers: [{name: a, resources: {requests: {cpu: '0'}, limits: {cpu: 1}}}]}")))
        .isEmpty();
  }

  private static Pod pod(String spec) {
    try {
      return new YAMLMapper().readValue("spec: " + spec, Pod.class);
    } catch (JsonProcessingException bad) {
      throw new IllegalArgumentException(spec, bad);
    }
  }
}
