package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.pod.FakeMachine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SysctlRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          kernel.shm_rmid_forced       |                   | -
          net.ipv4.tcp_syncookies      |                   | -
          kernel.msgmax                |                   | "kernel.msgmax" not whitelisted
          kernel.hostname              |                   | "kernel.hostname" not whitelisted
          kernel.shm_rmid_forced       | hostIPC: true     | "kernel.shm_rmid_forced" not allowed with host ipc enabled
          net.ipv4.ping_group_range    | hostNetwork: true | "net.ipv4.ping_group_range" not allowed with host net enabled
          net.ipv4.ping_group_range    | hostIPC: true     | -
          """)
  void letPodsHaveWhatIsHarmless(String name, String more, String refusal) {
    assertThat(forbidden(SysctlRules.SAFE_ONLY, name, more))
        .isEqualTo(Optional.ofNullable(refusal).map("forbidden sysctl: "::concat));
  }

  @ParameterizedTest
  @CsvSource({
    "kernel.msg*, kernel.msgmax, true",
    "kernel.msg*, kernel.sem, false",
    "kernel.sem, kernel.sem, true",
    "net.*, net.core.somaxconn, true",
    "net.core.somaxconn, net.core.somaxconn_max, false",
  })
  void letPodsHaveWhatIsAllowed(String allowed, String name, boolean granted) {
    assertThat(forbidden(new SysctlRules(List.of(allowed)), name, null).isEmpty())
        .isEqualTo(granted);
  }

  @ParameterizedTest
  @CsvSource({
    "kernel.hostname, 'one that a pod has for itself, such as kernel.msg*'",
    "kernel.*, 'one that a pod has for itself, such as kernel.msg*'",
    "net..x, 'a name or the beginning of one, such as net.core.*'",
    "net.*.x, 'a name or the beginning of one, such as net.core.*'",
  })
  void allowNothingThatIsTheWholeMachines(String pattern, String expected) {
    assertThatThrownBy(() -> new SysctlRules(List.of(pattern)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(expected);
  }

  private static Optional<String> forbidden(SysctlRules rules, String name, String more) {
    return rules.forbidden(
        FakeMachine.pod(
            "web",
            "uid-web",
            "{containers: [], securityContext: {sysctls: [{name: %s, value: '1'}]}%s}"
                .formatted(name, more == null ? "" : ", " + more)));
  }
}
