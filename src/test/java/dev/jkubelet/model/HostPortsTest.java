package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hostPort: 80                       | hostPort: 80                       | true
          hostPort: 80                       | hostPort: 81                       | false
          hostPort: 0                        | hostPort: 0                        | false
          containerPort: 80                  | containerPort: 80                  | false
          hostPort: 80                       | hostPort: 80, protocol: UDP        | false
          hostPort: 80                       | hostPort: 80, protocol: TCP        | true
          hostPort: 80, hostIP: 10.0.0.1     | hostPort: 80, hostIP: 10.0.0.2     | false
          hostPort: 80, hostIP: 10.0.0.1     | hostPort: 80, hostIP: 10.0.0.1     | true
          hostPort: 80, hostIP: 10.0.0.1     | hostPort: 80                       | true
          hostPort: 80                       | hostPort: 80, hostIP: 10.0.0.1     | true
          hostPort: 80, hostIP: 0.0.0.0      | hostPort: 80, hostIP: 10.0.0.1     | true
          """)
  void clashByAddressProtocolAndNumber(String one, String other, boolean clash) {
    assertThat(HostPorts.conflict(pod(one), List.of(pod(other)))).isEqualTo(clash);
  }

  private static Pod pod(String port) {
    var text = "spec: {containers: [{name: c, ports: [{" + port + "}]}]}";
    try {
      return new YAMLMapper().readValue(text, Pod.class);
    } catch (JsonProcessingException bad) {
      throw new IllegalArgumentException(text, bad);
    }
  }
}
