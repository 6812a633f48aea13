package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodPhaseTest {
  /**
   * States: R running, W waiting, 0 and 1 ended with that code, w waiting after 1, v after 0, -
   * none.
   */
  @ParameterizedTest
  @CsvSource({
    "Always, '', WW, Pending",
    "Always, '', RR, Running",
    "Always, '', R0, Running",
    "Always, '', R1, Running",
    "Always, '', Rw, Running",
    "Always, '', RW, Pending",
    "Always, '', R-, Pending",
    "Always, '', 00, Running",
    "Always, '', 11, Running",
    "Always, '', ww, Running",
    "OnFailure, '', RR, Running",
    "OnFailure, '', 00, Succeeded",
    "OnFailure, '', 01, Running",
    "OnFailure, '', 0w, Running",
    "OnFailure, '', 0v, Running",
    "OnFailure, '', W0, Pending",
    "Never, '', R1, Running",
    "Never, '', 00, Succeeded",
    "Never, '', 11, Failed",
    "Never, '', 01, Failed",
    "Never, '', W1, Pending",
    "Never, '', 0-, Pending",
    "Always, R, WW, Pending",
    "Always, -, RR, Pending",
    "Always, 0R, WW, Pending",
    "Always, 1, WW, Pending",
    "Always, w, WW, Pending",
    "Always, 00, RR, Running",
    "OnFailure, 1, WW, Pending",
    "Never, 1, WW, Failed",
    "Never, 01, WW, Failed",
    "Never, w, WW, Failed",
    "Never, 0, 00, Succeeded",
  })
  void followsFromTheContainers(String policy, String inits, String apps, String phase) {
    var statuses = new HashMap<String, ContainerStatus>();
    var pod =
        Specs.pod(
            "{restartPolicy: %s, initContainers: [%s], containers: [%s]}"
                .formatted(policy, names("i", inits, statuses), names("a", apps, statuses)));

    assertThat(PodPhase.of(pod, statuses).text()).isEqualTo(phase);
  }

  private static String names(String prefix, String states, Map<String, ContainerStatus> statuses) {
    var names = new StringBuilder();
    for (int i = 0; i < states.length(); i++) {
      var name = prefix + i;
      names.append("{name: ").append(name).append("},");
      if (states.charAt(i) != '-') {
        statuses.put(name, Specs.parse(ContainerStatus.class, status(states.charAt(i))));
      }
    }
    return names.toString();
  }

  private static String status(char state) {
    return switch (state) {
      case 'R' -> "{state: {running: {}}}";
      case 'W' -> "{state: {waiting: {}}, lastState: {}}";
      case '0' -> "{state: {terminated: {exitCode: 0}}}";
      case '1' -> "{state: {terminated: {exitCode: 1}}}";
      case 'v' -> "{state: {waiting: {}}, lastState: {terminated: {exitCode: 0}}}";
      default -> "{state: {waiting: {}}, lastState: {terminated: {exitCode: 1}}}";
    };
  }
}
