package dev.jkubelet.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodDefaultsTest {
  private static final JsonMapper MAPPER = new JsonMapper();

  @ParameterizedTest
  @CsvSource({
    "busybox, Always",
    "busybox:latest, Always",
    "busybox:1.36, IfNotPresent",
    "host:5000/busybox, Always",
    "host:5000/busybox:1, IfNotPresent",
    "busybox@sha256:0690ad34, IfNotPresent",
    "busybox:latest@sha256:0690ad34, Always",
  })
  void pullsAnImageAlwaysOnlyIfItsTagIsLatest(String image, String policy) throws Exception {
    assertThat(at("{containers: [{image: \"" + image + "\"}]}", "/containers/0/imagePullPolicy"))
        .isEqualTo(policy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                    | /restartPolicy                    | Always
          {restartPolicy: Never}                                | /restartPolicy                    | Never
          {}                                                    | /dnsPolicy                        | ClusterFirst
          {}                                                    | /terminationGracePeriodSeconds    | 30
          {terminationGracePeriodSeconds: 0}                    | /terminationGracePeriodSeconds    | 0
          {}                                                    | /schedulerName                    | default-scheduler
          {}                                                    | /enableServiceLinks               | true
          {enableServiceLinks: false}                           | /enableServiceLinks               | false
          {containers: [{}]}                                    | /containers/0/terminationMessagePath   | /dev/termination-log
          {containers: [{}]}                                    | /containers/0/terminationMessagePolicy | File
          {initContainers: [{}]}                                | /initContainers/0/terminationMessagePolicy | File
          {containers: [{ports: [{containerPort: 1}]}]}         | /containers/0/ports/0/protocol    | TCP
          {containers: [{ports: [{containerPort: 1}]}]}         | /containers/0/ports/0/hostPort    | MISSING
          {hostNetwork: true, containers: [{ports: [{containerPort: 1}]}]} | /containers/0/ports/0/hostPort | 1
          {containers: [{resources: {limits: {cpu: 2}}}]}       | /containers/0/resources/requests/cpu | 2
          {containers: [{resources: {limits: {cpu: 2}, requests: {cpu: 1}}}]} | /containers/0/resources/requests/cpu | 1
          {containers: [{resources: {limits: {cpu: 0.0001}}}]}  | /containers/0/resources/limits/cpu | 1m
          {containers: [{resources: {requests: {cpu: 1}}}]}     | /containers/0/resources/limits    | MISSING
          {containers: [{livenessProbe: {exec: {}}}]}           | /containers/0/livenessProbe/timeoutSeconds   | 1
          {containers: [{livenessProbe: {exec: {}}}]}           | /containers/0/livenessProbe/periodSeconds    | 10
          {containers: [{readinessProbe: {exec: {}}}]}          | /containers/0/readinessProbe/successThreshold | 1
          {containers: [{startupProbe: {exec: {}}}]}            | /containers/0/startupProbe/failureThreshold  | 3
          {containers: [{startupProbe: {httpGet: {port: 1}}}]}  | /containers/0/startupProbe/httpGet/path      | /
          {containers: [{lifecycle: {preStop: {httpGet: {}}}}]} | /containers/0/lifecycle/preStop/httpGet/scheme | HTTP
          {containers: [{env: [{valueFrom: {fieldRef: {}}}]}]}  | /containers/0/env/0/valueFrom/fieldRef/apiVersion | v1
          {volumes: [{hostPath: {path: /}}]}                    | /volumes/0/hostPath/type          | ''
          {volumes: [{secret: {}}]}                             | /volumes/0/secret/defaultMode     | 420
          {volumes: [{configMap: {}}]}                          | /volumes/0/configMap/defaultMode  | 420
          {volumes: [{downwardAPI: {}}]}                        | /volumes/0/downwardAPI/defaultMode | 420
          {volumes: [{iscsi: {}}]}                              | /volumes/0/iscsi/iscsiInterface   | default
          {volumes: [{rbd: {}}]}                                | /volumes/0/rbd/keyring            | /etc/ceph/keyring
          {volumes: [{scaleIO: {}}]}                            | /volumes/0/scaleIO/fsType         | xfs
          {volumes: [{azureDisk: {}}]}                          | /volumes/0/azureDisk/cachingMode  | ReadWrite
          {volumes: [{ephemeral: {volumeClaimTemplate: {spec: {}}}}]} | /volumes/0/ephemeral/volumeClaimTemplate/spec/volumeMode | Filesystem
          {volumes: [{projected: {}}]}                          | /volumes/0/projected/defaultMode  | 420
          {volumes: [{projected: {sources: [{serviceAccountToken: {}}]}}]} | /volumes/0/projected/sources/0/serviceAccountToken/expirationSeconds | 3600
          """)
  void fillsInWhatIsLeftOut(String spec, String pointer, String value) throws Exception {
    assertThat(at(spec, pointer)).isEqualTo(value);
  }

  @Test
  void givesAVolumeWithoutSourceAnEmptyDir() throws Exception {
    assertThat(defaulted("{volumes: [{name: a}]}").at("/volumes/0/emptyDir")).hasToString("{}");
    assertThat(defaulted("{}").at("/securityContext")).hasToString("{}");
    assertThat(defaulted("{containers: [{}]}").at("/containers/0/resources")).hasToString("{}");
  }

  @Test
  void changesNothingTheSecondTime() throws Exception {
    var pod = decode("{hostNetwork: true, containers: [{ports: [{containerPort: 1}]}]}");
    var once = MAPPER.writeValueAsString(PodDefaults.apply(pod));
    assertThat(MAPPER.writeValueAsString(PodDefaults.apply(pod))).isEqualTo(once);
  }

  private static String at(String spec, String pointer) throws Exception {
    return defaulted(spec).at(pointer).asText("MISSING");
  }

  private static JsonNode defaulted(String spec) throws Exception {
    JsonNode tree = MAPPER.valueToTree(PodDefaults.apply(decode(spec)).getSpec());
    return tree;
  }

  private static io.fabric8.kubernetes.api.model.Pod decode(String spec) throws Exception {
    var text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: " + spec;
    return ManifestDecoder.decodePod("web.yaml", text.getBytes(StandardCharsets.UTF_8))
        .pods()
        .getFirst()
        .pod();
  }
}
