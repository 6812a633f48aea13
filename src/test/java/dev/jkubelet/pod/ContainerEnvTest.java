package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.model.Allocatable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerEnvTest {
  private static final DownwardFields FIELDS =
      new DownwardFields(
          Specs.pod("{containers: []}"),
          List.of("172.28.0.6"),
          Optional.of("10.0.0.1"),
          new Allocatable(4000, 8L << 30, 100L << 30));

  @Test
  void isTheGoldenOne() {
    var env =
        plain(
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
        plain(
            "env: [{name: A, value: '1'}, {name: B, value: $(A)-$(C)}, {name: C, value: '3'},"
                + " {name: A, value: $(A)$(B)}]");

    assertThat(env.lines()).containsExactly("A=11-$(C)", "B=1-$(C)", "C=3");
  }

  @Test
  void expandsCommandsWithTheFinalValues() {
    var env = plain("env: [{name: A, value: '1'}, {name: EMPTY}]");

    assertThat(env.expand(List.of("sh", "$(A)$(EMPTY)", "$$(A)", "$(NONE)")))
        .containsExactly("sh", "1", "$(A)", "$(NONE)");
    assertThat(env.expand((List<String>) null)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"$(NONE)/x, NONE", "$(EMPTY)/x, EMPTY"})
  void refusesAPathWithAGap(String path, String missing) {
    var env = plain("env: [{name: A, value: '1'}, {name: EMPTY}]");

    assertThat(env.expandPath("$(A)/x")).isEqualTo("1/x");
    assertThatThrownBy(() -> env.expandPath(path))
        .isInstanceOf(BadConfig.class)
        .hasMessage("missing value for " + missing);
  }

  @Test
  void takesAllOfAnObjectBeforeWhatIsDeclared() {
    var env =
        env(
            """
            envFrom:
            - {configMapRef: {name: settings}}
            - {prefix: S_, secretRef: {name: keys}}
            env:
            - {name: MODE, value: "$(MODE)-$(S_PASSWORD)-$(WEB_SERVICE_HOST)"}
            - {name: WEB_SERVICE_HOST, value: mine}
            - {name: ONE, valueFrom: {configMapKeyRef: {name: settings, key: MODE}}}
            - {name: TWO, valueFrom: {secretKeyRef: {name: keys, key: PASSWORD}}}
            """);

    assertThat(env.lines())
        .containsExactly(
            "LEVEL=3",
            "MODE=dark-pass-10.0.0.7",
            "S_PASSWORD=pass",
            "WEB_SERVICE_HOST=mine",
            "ONE=dark",
            "TWO=pass",
            "WEB_SERVICE_PORT=80");
    assertThat(env.expand("$(S_PASSWORD) $(WEB_SERVICE_PORT)")).isEqualTo("pass 80");
    assertThat(env.oddities())
        .containsExactly(
            "Keys [../up, 1st] from the EnvFrom configMap golden/settings were skipped since they"
                + " are considered invalid environment variable names.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env: [{name: A, valueFrom: {configMapKeyRef: {name: none, key: k}}}] | configmap \"none\""
            + " not found",
        "env: [{name: A, valueFrom: {secretKeyRef: {name: none, key: k}}}] | secret \"none\" not"
            + " found",
        "envFrom: [{configMapRef: {name: none}}] | configmap \"none\" not found",
        "envFrom: [{secretRef: {name: none}}] | secret \"none\" not found",
        "env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: k}}}] | couldn't find"
            + " key k in ConfigMap golden/settings",
        "env: [{name: A, valueFrom: {secretKeyRef: {name: keys, key: k}}}] | couldn't find key k in"
            + " Secret golden/keys",
        "envFrom: [{secretRef: {name: away, optional: true}}] | timed out",
      })
  void namesTheReferenceThatLeadsNowhere(String spec, String message) {
    assertThatThrownBy(() -> env(spec)).isInstanceOf(BadConfig.class).hasMessage(message);
  }

  @Test
  void doesWithoutOptionalReferences() {
    var env =
        env(
            """
            envFrom: [{configMapRef: {name: none, optional: true}}, {secretRef: {name: none, optional: true}}]
            env:
            - {name: A, valueFrom: {configMapKeyRef: {name: none, key: k, optional: true}}}
            - {name: B, valueFrom: {secretKeyRef: {name: none, key: k, optional: true}}}
            - {name: C, value: c}
            - {name: D, valueFrom: {configMapKeyRef: {name: settings, key: k, optional: true}}}
            """);

    assertThat(env.lines())
        .containsExactly("C=c", "WEB_SERVICE_HOST=10.0.0.7", "WEB_SERVICE_PORT=80");
  }

  @Test
  void failsAsLongAsServicesAreNotKnown() {
    var references =
        new EnvReferences(Map.of(), Map.of(), new EnvReferences.Lookup.Failed("not yet"));

    assertThatThrownBy(() -> ContainerEnv.of(Specs.container("{name: a}"), FIELDS, references))
        .isInstanceOf(BadConfig.class)
        .hasMessage("not yet");
  }

  /** Of a node without an API server. */
  private static ContainerEnv plain(String spec) {
    return ContainerEnv.of(Specs.container(spec), FIELDS, EnvReferences.NONE);
  }

  private static ContainerEnv env(String spec) {
    return ContainerEnv.of(
        Specs.container(spec),
        FIELDS,
        new EnvReferences(
            Map.of(
                "settings",
                found(Map.of("MODE", "dark", "LEVEL", "3", "1st", "x", "../up", "y")),
                "none",
                new EnvReferences.Lookup.Missing("configmap \"none\" not found")),
            Map.of(
                "keys",
                found(Map.of("PASSWORD", "pass")),
                "none",
                new EnvReferences.Lookup.Missing("secret \"none\" not found"),
                "away",
                new EnvReferences.Lookup.Failed("timed out")),
            found(Map.of("WEB_SERVICE_HOST", "10.0.0.7", "WEB_SERVICE_PORT", "80"))));
  }

  private static EnvReferences.Lookup found(Map<String, String> data) {
    return new EnvReferences.Lookup.Found(new TreeMap<>(data));
  }
}
