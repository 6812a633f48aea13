package dev.jkubelet.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestDecoderTest {
  private static final String HEAD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n";

  @Test
  void readsYamlAndJsonAlike() throws Exception {
    var yaml = decode(HEAD + "spec:\n  containers:\n  - {name: main, image: busybox}\n");
    var json =
        decode(
            """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},
             "spec": {"containers": [{"name": "main", "image": "busybox"}]}}
            """);
    assertThat(yaml.pods().getFirst().pod()).isEqualTo(json.pods().getFirst().pod());
    assertThat(yaml.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          spec: {containers: [{env: [{name: A, value: 1}]}]}        | spec.containers[0].env[0].value: expected a string, got the number 1
          spec: {containers: [{env: [{name: A, value: yes}]}]}      | spec.containers[0].env[0].value: expected a string, got the boolean true
          spec: {containers: [{command: sh}]}                       | spec.containers[0].command: expected a list, got the string "sh"
          spec: {containers: [{command: [1.5]}]}                    | spec.containers[0].command[0]: expected a string, got the number 1.5
          spec: {containers: {name: a}}                             | spec.containers: expected a list, got a mapping
          spec: {containers: [a]}                                   | spec.containers[0]: expected a mapping, got the string "a"
          spec: {containers: [{ports: [{containerPort: '80'}]}]}    | spec.containers[0].ports[0].containerPort: expected a whole number of 32 bits, got the string "80"
          spec: {containers: [{ports: [{containerPort: 80.5}]}]}    | spec.containers[0].ports[0].containerPort: expected a whole number of 32 bits, got the number 80.5
          spec: {containers: [{ports: [{containerPort: 99999999999}]}]} | spec.containers[0].ports[0].containerPort: expected a whole number of 32 bits, got the number 99999999999
          spec: {terminationGracePeriodSeconds: 1s}                 | spec.terminationGracePeriodSeconds: expected a whole number of 64 bits, got the string "1s"
          spec: {hostNetwork: 'true'}                               | spec.hostNetwork: expected true or false, got the string "true"
          spec: {hostNetwork: 1}                                    | spec.hostNetwork: expected true or false, got the number 1
          spec: {imagePullSecrets: [a]}                             | spec.imagePullSecrets[0]: expected a mapping, got the string "a"
          spec: {containers: [{resources: {limits: {cpu: lots}}}]}  | spec.containers[0].resources.limits.cpu: expected a quantity such as 500m, 1.5 or 64Mi, got "lots"
          spec: {containers: [{resources: {limits: [1]}}]}          | spec.containers[0].resources.limits: expected a mapping, got a list
          spec: {nodeSelector: {a: 1}}                              | spec.nodeSelector.a: expected a string, got the number 1
          spec: []                                                  | spec: expected a mapping, got a list
          spec: {containers: [{livenessProbe: {tcpSocket: {port: [1]}}}]} | spec.containers[0].livenessProbe.tcpSocket.port: expected a whole number of 32 bits, got a list
          """)
  void namesTheFieldAndWhatItExpected(String line, String message) {
    assertThatThrownBy(() -> decode(HEAD + line))
        .isInstanceOf(ManifestException.class)
        .message()
        .startsWith("web.yaml:4:")
        .endsWith(" " + message);
  }

  @Test
  void namesTheLineAndColumnOfTheField() {
    var wrong =
        failure(
            """
            # a comment
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
            spec:
              containers:
              - name: main
                image: busybox
                ports:
                - containerPort: eighty
            """);
    assertThat(wrong.place()).contains(new Place(11, 7));
    assertThat(wrong.field().map(FieldPath::toString))
        .contains("spec.containers[0].ports[0].containerPort");
  }

  @Test
  void namesTheLineInJsonToo() {
    var wrong =
        failure(
            """
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "web"},
             "spec": {
              "hostNetwork": "true"}}
            """);
    assertThat(wrong).hasMessageStartingWith("web.yaml:4:3: spec.hostNetwork: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                              | web.yaml: empty: expected a Pod
          '# only a comment'              | web.yaml: empty: expected a Pod
          hello                           | web.yaml:1:1: expected a Pod, got the string "hello"
          '- apiVersion: v1'              | web.yaml:1:1: expected a Pod, got a list
          'kind: Pod'                     | web.yaml:1:1: apiVersion: expected v1, got nothing
          'apiVersion: apps/v1'           | web.yaml:1:1: apiVersion: expected v1, got the string "apps/v1"
          '{apiVersion: v1, kind: Pod}'   | web.yaml:1:2: not JSON
          'a: [1'                         | web.yaml:1:6: not YAML
          'a: b: c'                       | web.yaml:1:5: not YAML
          """)
  void saysWhyTheTextIsNoPod(String text, String message) {
    assertThat(failure(text == null ? "" : text)).hasMessageStartingWith(message);
  }

  @Test
  void refusesAnotherKindAndNamesIt() {
    assertThat(failure("apiVersion: v1\nkind: Deployment\n"))
        .hasMessage("web.yaml:2:1: kind: expected Pod, got the string \"Deployment\"");
  }

  @Test
  void refusesASecondDocumentButNotAnEmptyOne() throws Exception {
    assertThat(failure(HEAD + "---\n" + HEAD))
        .hasMessage("web.yaml:5:1: expected one document, found another after ---");
    assertThat(decode("---\n" + HEAD + "---\n").pods()).hasSize(1);
  }

  @Test
  void dropsUnknownFieldsAndSaysWhere() throws Exception {
    var manifest =
        decode(
            HEAD
                + """
                spec:
                  containers:
                  - name: main
                    imagee: busybox
                    resources: {limitz: {cpu: 1}}
                  additionalProperties: {a: b}
                extra: 1
                """);
    assertThat(manifest.warnings())
        .containsExactly(
            "web.yaml:7:5: spec.containers[0].imagee: unknown field, ignored",
            "web.yaml:8:17: spec.containers[0].resources.limitz: unknown field, ignored",
            "web.yaml:10:1: extra: unknown field, ignored");
    var pod = manifest.pods().getFirst().pod();
    assertThat(pod.getAdditionalProperties()).isEmpty();
    assertThat(pod.getSpec().getAdditionalProperties()).isEmpty();
    assertThat(pod.getSpec().getContainers().getFirst().getAdditionalProperties()).isEmpty();
  }

  @Test
  void takesTheLastOfTwoFieldsAndSaysSo() throws Exception {
    var manifest = decode(HEAD + "spec:\n  hostname: a\n  hostname: b\n");
    assertThat(manifest.pods().getFirst().pod().getSpec().getHostname()).isEqualTo("b");
    assertThat(manifest.warnings())
        .containsExactly("web.yaml:6:3: \"hostname\" given twice in one mapping, the last counts");
  }

  @Test
  void takesNullForAFieldLeftOut() throws Exception {
    var pod =
        decode(HEAD + "spec:\n  containers:\n  nodeSelector: {a: }\n  hostNetwork: null\n")
            .pods()
            .getFirst()
            .pod();
    assertThat(pod.getSpec().getContainers()).isEmpty();
    assertThat(pod.getSpec().getNodeSelector()).containsEntry("a", "");
    assertThat(pod.getSpec().getHostNetwork()).isNull();
    assertThat(decode("apiVersion: v1\nkind: Pod\n").pods().getFirst().pod().getSpec()).isNotNull();
  }

  @Test
  void readsNumbersAsTheKubeletsYamlDoes() throws Exception {
    var spec =
        decode(
                HEAD
                    + """
                    spec:
                      terminationGracePeriodSeconds: 0x1F
                      hostname: 12:30
                      subdomain: 2001-01-01
                      volumes:
                      - {name: a, secret: {secretName: s, defaultMode: 0644}}
                      containers:
                      - resources: {limits: {cpu: 0.5, memory: 1e9}, requests: {cpu: 1}}
                    """)
            .pods()
            .getFirst()
            .pod()
            .getSpec();
    assertThat(spec.getTerminationGracePeriodSeconds()).isEqualTo(31);
    assertThat(spec.getHostname()).isEqualTo("12:30");
    assertThat(spec.getSubdomain()).isEqualTo("2001-01-01");
    assertThat(spec.getVolumes().getFirst().getSecret().getDefaultMode()).isEqualTo(420);
    var resources = spec.getContainers().getFirst().getResources();
    assertThat(resources.getLimits().get("cpu")).hasToString("500m");
    assertThat(resources.getLimits().get("memory")).hasToString("1G");
    assertThat(resources.getRequests().get("cpu")).hasToString("1");
  }

  @Test
  void followsAnchorsAndMergeKeys() throws Exception {
    var spec =
        decode(
                HEAD
                    + """
                    spec:
                      initContainers:
                      - &base {name: first, image: busybox, command: [sh]}
                      containers:
                      - {<<: *base, name: main}
                    """)
            .pods()
            .getFirst()
            .pod()
            .getSpec();
    var main = spec.getContainers().getFirst();
    assertThat(main.getName()).isEqualTo("main");
    assertThat(main.getImage()).isEqualTo("busybox");
    assertThat(main.getCommand()).containsExactly("sh");
  }

  @Test
  void boundsWhatAliasesMultiply() {
    var bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (var i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(failure(bomb.toString())).isNotNull();
    var twenty = bomb.toString().lines().limit(22).collect(Collectors.joining("\n"));
    assertThat(failure(twenty)).hasMessageContaining("more than 250000 values");
  }

  @Test
  void boundsRecursionAndNesting() {
    assertThat(failure("a: &a [*a]")).hasMessageContaining("nested deeper than 64 levels");
    assertThat(failure("[".repeat(100))).hasMessageContaining("not YAML");
    assertThat(failure("{\"a\":".repeat(5000))).isNotNull();
  }

  @Test
  void boundsTheLength() {
    var wrong =
        catchThrowableOfType(
            ManifestException.class,
            () -> ManifestDecoder.decodePod("web.yaml", new byte[ManifestDecoder.LONGEST + 1]));
    assertThat(wrong)
        .hasMessage("web.yaml: longer than 10485760 bytes, the most a manifest may have");
  }

  @Test
  void refusesWhatIsNotText() {
    assertThatThrownBy(
            () -> ManifestDecoder.decodePod("web.yaml", new byte[] {(byte) 0xff, (byte) 0xfe}))
        .hasMessage("web.yaml: not UTF-8 text");
  }

  @Test
  void keepsMessagesOnOneLine() {
    var wrong = failure(HEAD + "spec: {hostNetwork: \"a\\nb\\e[31m\"}");
    assertThat(wrong.getMessage())
        .isEqualTo(
            "web.yaml:4:8: spec.hostNetwork: expected true or false, got the string"
                + " \"a\\nb\\u001b[31m\"");
  }

  @Test
  void readsAListOfPods() throws Exception {
    var items =
        IntStream.range(0, 3)
            .mapToObj(i -> "- metadata: {name: p%d}".formatted(i))
            .collect(Collectors.joining("\n"));
    var manifest =
        ManifestDecoder.decodePods(
            "http://host/", utf8("apiVersion: v1\nkind: PodList\nitems:\n" + items));
    assertThat(manifest.pods())
        .extracting(entry -> entry.pod().getMetadata().getName())
        .containsExactly("p0", "p1", "p2");
    assertThatThrownBy(
            () ->
                ManifestDecoder.decodePods(
                    "http://host/",
                    utf8("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service}")))
        .hasMessageStartingWith("http://host/:4:20: kind: expected Pod");
    assertThatThrownBy(
            () ->
                ManifestDecoder.decodePods(
                    "http://host/",
                    utf8("apiVersion: v1\nkind: PodList\nitems:\n- {spec: {hostPID: 1}}")))
        .hasMessageStartingWith("http://host/:4:11: items[0].spec.hostPID: expected true or false");
  }

  @Test
  void wantsOnePodInAFile() {
    assertThat(failure("apiVersion: v1\nkind: PodList\nitems: []\n"))
        .hasMessage("web.yaml:2:1: kind: expected Pod, got the string \"PodList\"");
  }

  private static Manifest decode(String text) throws ManifestException {
    return ManifestDecoder.decodePod("web.yaml", utf8(text));
  }

  private static ManifestException failure(String text) {
    return catchThrowableOfType(ManifestException.class, () -> decode(text));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
