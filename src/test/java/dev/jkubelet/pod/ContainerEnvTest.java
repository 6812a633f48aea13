package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerEnvTest {
  private static final DownwardFields FIELDS =
      new DownwardFields(
          Specs.pod("{containers: []}"),
          List.of("172.28.0.6"),
          Optional.of("10.0.0.1"),
          4000,
          8L << 30);

  @Test
  void isTheGoldenOne() {
    var env =
        env(
            """
            env:
            - {name: PLAIN, value: "x=$(POD)"}
            - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
            - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: MEM, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: "0"}}}
            resources: {limits: {memory: 64Mi}}
            """);

    assertThat(env.lines())
        .containsExactly("PLAIN=x=$(POD)", "POD=web-node1", "IP=172.28.0.6", "MEM=67108864");
  }

  @Test
  void knowsWhatWasDeclaredBefore() {
    var env =
        env(
            "env: [{name: A, value: '1'}, {name: B, value: $(A)-$(C)}, {name: C, value: '3'}, {name: A, value: $(A)$(B)}]");

    assertThat(env.lines()).containsExactly("A=11-$(C)", "B=1-$(C)", "C=3");
  }

  @Test
  void expandsCommandsWithTheFinalValues() {
    var env = env("env: [{name: A, value: '1'}, {name: EMPTY}]");

    assertThat(env.expand(List.of("sh", "$(A)$(EMPTY)", "$$(A)", "$(NONE)")))
        .containsExactly("sh", "1", "$(A)", "$(NONE)");
    assertThat(env.expand((List<String>) null)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"$(NONE)/x, NONE", "$(EMPTY)/x, EMPTY"})
  void refusesAPathWithAGap(String path, String missing) {
    var env = env("env: [{name: A, value: '1'}, {name: EMPTY}]");

    assertThat(env.expandPath("$(A)/x")).isEqualTo("1/x");
    assertThatThrownBy(() -> env.expandPath(path))
        .isInstanceOf(BadConfig.class)
        .hasMessage("missing value for " + missing);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env: [{name: A, valueFrom: {configMapKeyRef: {name: x, key: k}}}] | configmap \"x\" not found",
        "env: [{name: A, valueFrom: {secretKeyRef: {name: x, key: k}}}] | secret \"x\" not found",
        "envFrom: [{configMapRef: {name: x}}] | configmap \"x\" not found",
        "envFrom: [{secretRef: {name: x}}] | secret \"x\" not found",
      })
  void namesTheReferenceThatLeadsNowhere(String spec, String message) {
    assertThatThrownBy(() -> env(spec)).isInstanceOf(BadConfig.class).hasMessage(message);
  }

  @Test
  void doesWithoutOptionalReferences() {
    var env =
        env(
            """
            envFrom: [{configMapRef: {name: x, optional: true}}, {secretRef: {name: x, optional: true}}]
            env:
            - {name: A, valueFrom: {configMapKeyRef: {name: x, key: k, optional: true}}}
            - {name: B, valueFrom: {secretKeyRef: {name: x, key: k, optional: true}}}
            - {name: C, value: c}
            """);

    assertThat(env.lines()).containsExactly("C=c");
  }

  private static ContainerEnv env(String spec) {
    return ContainerEnv.of(Specs.container(spec), FIELDS);
  }
}
