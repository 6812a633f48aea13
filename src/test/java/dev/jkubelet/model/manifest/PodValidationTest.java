package dev.jkubelet.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodValidationTest {
  private static final String META = "{name: web, namespace: demo}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: a                                              | image: Required value
          image: a                                             | name: Required value
          name: A, image: a                                    | name: Invalid value: "A": a lowercase RFC 1123 label
          name: a, image: ' a'                                 | image: Invalid value: " a": must not have leading or trailing whitespace
          name: a, image: a, imagePullPolicy: Sometimes        | imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"
          name: a, image: a, terminationMessagePolicy: Tail    | terminationMessagePolicy: Invalid value: "Tail": must be 'File' or 'FallbackToLogsOnError'
          name: a, image: a, ports: [{name: a}]                | ports[0].containerPort: Required value
          name: a, image: a, ports: [{containerPort: 65536}]   | ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive
          name: a, image: a, ports: [{containerPort: 1, hostPort: -1}] | ports[0].hostPort: Invalid value: -1: must be between 1 and 65535, inclusive
          name: a, image: a, ports: [{containerPort: 1, protocol: ICMP}] | ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"
          name: a, image: a, ports: [{containerPort: 1, name: u_p}] | ports[0].name: Invalid value: "u_p": must contain only alpha-numeric characters
          name: a, image: a, ports: [{containerPort: 1, name: x}, {containerPort: 2, name: x}] | ports[1].name: Duplicate value: "x"
          name: a, image: a, ports: [{containerPort: 1, hostPort: 5}, {containerPort: 2, hostPort: 5}] | ports[1].hostPort: Duplicate value: "TCP//5"
          name: a, image: a, ports: [{containerPort: 1, hostIP: nowhere.example}] | ports[0].hostIP: Invalid value: "nowhere.example": must be valid IP address
          name: a, image: a, volumeMounts: [{name: gone, mountPath: /a}] | volumeMounts[0].name: Not found: "gone"
          name: a, image: a, volumeMounts: [{name: v}]         | volumeMounts[0].mountPath: Required value
          name: a, image: a, volumeMounts: [{name: v, mountPath: /a}, {name: v, mountPath: /a}] | volumeMounts[1].mountPath: Invalid value: "/a": must be unique
          name: a, image: a, volumeMounts: [{name: v, mountPath: /a, subPath: ../b}] | volumeMounts[0].subPath: Invalid value: "../b": must not contain '..'
          name: a, image: a, volumeMounts: [{name: v, mountPath: /a, mountPropagation: Bidirectional}] | volumeMounts[0].mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers
          name: a, image: a, env: [{value: x}]                 | env[0].name: Required value
          name: a, image: a, env: [{name: 1A}]                 | env[0].name: Invalid value: "1A": a valid environment variable name
          name: a, image: a, env: [{name: A, valueFrom: {}}]   | env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`
          name: a, image: a, env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.color}}}] | env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "spec.color"
          name: a, image: a, env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.gpu}}}] | env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.gpu"
          name: a, image: a, env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: metadata.name}}}] | env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty
          name: a, image: a, envFrom: [{prefix: a}]            | envFrom[0]: Invalid value: "": must specify one of: `configMapRef` or `secretRef`
          name: a, image: a, resources: {requests: {cpu: -1}}  | resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0
          name: a, image: a, resources: {limits: {cpu: 1}, requests: {cpu: 2}} | resources.requests[cpu]: Invalid value: "2": must be less than or equal to cpu limit
          name: a, image: a, resources: {requests: {disk: 1}}  | resources.requests[disk]: Invalid value: "disk": must be a standard resource for containers
          name: a, image: a, resources: {requests: {a.io/gpu: 1}} | resources.limits: Required value: Limit must be set for non overcommitable resources
          name: a, image: a, resources: {limits: {hugepages-2Mi: 2Mi}} | resources: Forbidden: HugePages require cpu or memory
          name: a, image: a, livenessProbe: {}                 | livenessProbe: Required value: must specify a handler type
          name: a, image: a, livenessProbe: {exec: {}}         | livenessProbe.exec.command: Required value
          name: a, image: a, livenessProbe: {exec: {command: [a]}, tcpSocket: {port: 1}} | livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type
          name: a, image: a, livenessProbe: {exec: {command: [a]}, periodSeconds: -1} | livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0
          name: a, image: a, livenessProbe: {exec: {command: [a]}, successThreshold: 2} | livenessProbe.successThreshold: Invalid value: 2: must be 1
          name: a, image: a, readinessProbe: {httpGet: {port: 0}} | readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive
          name: a, image: a, readinessProbe: {httpGet: {port: 1, scheme: FTP}} | readinessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"
          name: a, image: a, lifecycle: {preStop: {}}          | lifecycle.preStop: Required value: must specify a handler type
          name: a, image: a, lifecycle: {preStop: {exec: {command: [a]}, sleep: {seconds: 1}}} | lifecycle.preStop.sleep: Forbidden: may not specify more than 1 handler type
          name: a, image: a, lifecycle: {preStop: {sleep: {seconds: 0}}} | lifecycle.preStop.sleep: Invalid value: 0: must be greater than 0 and less than terminationGracePeriodSeconds (30)
          name: a, image: a, lifecycle: {postStart: {sleep: {seconds: 31}}} | lifecycle.postStart.sleep: Invalid value: 31: must be greater than 0 and less than terminationGracePeriodSeconds (30)
          name: a, image: a, securityContext: {runAsUser: -1}  | securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive
          name: a, image: a, securityContext: {allowPrivilegeEscalation: false, privileged: true} | securityContext.allowPrivilegeEscalation: Invalid value: false: cannot set `allowPrivilegeEscalation` to false and `privileged` to true
          name: a, image: a, securityContext: {seccompProfile: {type: Localhost}} | securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost
          """)
  void findsWhatIsWrongWithAContainer(String container, String error) throws Exception {
    var found =
        errors(META, "{containers: [{" + container + "}], volumes: [{name: v, emptyDir: {}}]}");
    assertThat(found).first().asString().startsWith("spec.containers[0]." + error);
    assertThat(found).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          restartPolicy: Sometimes                 | spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"
          dnsPolicy: Mine                          | spec.dnsPolicy: Unsupported value: "Mine"
          dnsPolicy: None                          | spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None
          dnsConfig: {nameservers: [a.example]}    | spec.dnsConfig.nameservers[0]: Invalid value: "a.example": must be valid IP address
          dnsConfig: {nameservers: [256.1.1.1]}    | spec.dnsConfig.nameservers[0]: Invalid value: "256.1.1.1": must be valid IP address
          dnsConfig: {nameservers: ['1::2::3']}    | spec.dnsConfig.nameservers[0]: Invalid value: "1::2::3": must be valid IP address
          dnsConfig: {options: [{value: a}]}       | spec.dnsConfig.options[0]: Required value: must not be empty
          hostAliases: [{ip: a, hostnames: [b]}]   | spec.hostAliases[0].ip: Invalid value: "a": must be valid IP address
          hostAliases: [{ip: 1.1.1.1, hostnames: ['a b']}] | spec.hostAliases[0].hostnames[0]: Invalid value: "a b"
          terminationGracePeriodSeconds: -1        | spec.terminationGracePeriodSeconds: Invalid value: -1: must be greater than or equal to 0
          activeDeadlineSeconds: 0                 | spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive
          hostname: a.b                            | spec.hostname: Invalid value: "a.b"
          hostPID: true, shareProcessNamespace: true | spec.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled
          securityContext: {fsGroup: -5}           | spec.securityContext.fsGroup: Invalid value: -5
          securityContext: {sysctls: [{name: 'a b'}]} | spec.securityContext.sysctls[0].name: Invalid value: "a b"
          tolerations: [{operator: Equal}]         | spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty
          ephemeralContainers: [{name: a}]         | spec.ephemeralContainers: Forbidden: cannot be set on create
          volumes: [{emptyDir: {}}]                | spec.volumes[0].name: Required value
          volumes: [{name: a}, {name: a}]          | spec.volumes[1].name: Duplicate value: "a"
          volumes: [{name: a, emptyDir: {}, hostPath: {path: /}}] | spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type
          volumes: [{name: a, emptyDir: {sizeLimit: -1}}] | spec.volumes[0].emptyDir.sizeLimit: Forbidden
          volumes: [{name: a, hostPath: {}}]       | spec.volumes[0].hostPath.path: Required value
          volumes: [{name: a, hostPath: {path: /a/../b}}] | spec.volumes[0].hostPath.path: Invalid value: "/a/../b": must not contain '..'
          volumes: [{name: a, hostPath: {path: /a, type: Folder}}] | spec.volumes[0].hostPath.type: Unsupported value: "Folder"
          volumes: [{name: a, secret: {}}]         | spec.volumes[0].secret.secretName: Required value
          volumes: [{name: a, configMap: {name: a, defaultMode: 512}}] | spec.volumes[0].configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive
          volumes: [{name: a, downwardAPI: {items: [{path: /a, fieldRef: {fieldPath: metadata.labels}}]}}] | spec.volumes[0].downwardAPI.items[0].path: Invalid value: "/a": must be a relative path
          volumes: [{name: a, downwardAPI: {items: [{path: ..a, fieldRef: {fieldPath: metadata.labels}}]}}] | spec.volumes[0].downwardAPI.items[0].path: Invalid value: "..a": must not start with '..'
          initContainers: [{name: main, image: a}] | spec.initContainers[0].name: Duplicate value: "main"
          initContainers: [{name: a, image: a, livenessProbe: {exec: {command: [a]}}}] | spec.initContainers[0].livenessProbe: Forbidden: must not be set for init containers
          initContainers: [{name: a, image: a, restartPolicy: Never}] | spec.initContainers[0].restartPolicy: Unsupported value: "Never": supported values: "Always"
          initContainers: [{name: a, image: a, restartPolicy: Always, livenessProbe: {}}] | spec.initContainers[0].livenessProbe: Required value: must specify a handler type
          """)
  void findsWhatIsWrongWithAPod(String field, String error) throws Exception {
    var found = errors(META, "{containers: [{name: main, image: a}], " + field + "}");
    assertThat(found).singleElement().asString().startsWith(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {namespace: demo}                         | metadata.name: Required value: name or generateName is required
          {name: web}                               | metadata.namespace: Required value
          {name: a_b, namespace: demo}              | metadata.name: Invalid value: "a_b": a lowercase RFC 1123 subdomain
          {name: a, namespace: de.mo}               | metadata.namespace: Invalid value: "de.mo": a lowercase RFC 1123 label
          {name: a, namespace: demo, uid: ../../a}  | metadata.uid: Invalid value: "../../a": a pod's UID names its folder
          {name: a, namespace: demo, labels: {a: 'b c'}} | metadata.labels[a]: Invalid value: "b c": a valid label
          {name: a, namespace: demo, labels: {'a b': c}} | metadata.labels["a b"]: Invalid value: "a b": name part must consist of
          {name: a, namespace: demo, annotations: {'/x': c}} | metadata.annotations[/x]: Invalid value: "/x": prefix part must be non-empty
          """)
  void findsWhatIsWrongWithTheMetadata(String metadata, String error) throws Exception {
    var found = errors(metadata, "{containers: [{name: main, image: a}]}");
    assertThat(found).singleElement().asString().startsWith(error);
  }

  @Test
  void wantsAContainer() throws Exception {
    assertThat(errors(META, "{}"))
        .extracting(FieldError::toString)
        .containsExactly("spec.containers: Required value");
  }

  @Test
  void wantsHostPortsToMatchOnTheHostsNetwork() throws Exception {
    assertThat(
            errors(
                META,
                "{hostNetwork: true, containers: [{name: a, image: a, ports: [{containerPort: 1,"
                    + " hostPort: 2}]}]}"))
        .extracting(FieldError::toString)
        .containsExactly(
            "spec.containers[0].ports[0].containerPort: Invalid value: 1: must match `hostPort`"
                + " when `hostNetwork` is true");
  }

  @Test
  void allowsSecretsAndConfigMapsAsTheKubeletDoes() throws Exception {
    assertThat(
            errors(
                META,
                "{containers: [{name: a, image: a, envFrom: [{secretRef: {name: b}}]}], volumes:"
                    + " [{name: v, configMap: {name: c}}]}"))
        .isEmpty();
  }

  @Test
  void allowsHooksThatSleepAndSidecarsWithProbesAndHooks() throws Exception {
    assertThat(
            errors(
                META,
                """
                {terminationGracePeriodSeconds: 1,
                 initContainers: [{name: a, image: a, restartPolicy: Always,
                   startupProbe: {exec: {command: [a]}}, lifecycle: {preStop: {exec: {command: [a]}}}}],
                 containers: [{name: b, image: b, lifecycle: {preStop: {sleep: {seconds: 1}}}}]}
                """))
        .isEmpty();
  }

  @Test
  void namesTheLinesOfAllThatIsWrong() throws Exception {
    var text =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: demo}
        spec:
          containers:
          - name: main
          - name: main
            image: busybox
            ports:
            - containerPort: 0
        """;
    var manifest = ManifestDecoder.decodePod("web.yaml", text.getBytes(StandardCharsets.UTF_8));
    var entry = manifest.pods().getFirst();
    var errors = PodValidation.validate(PodDefaults.apply(entry.pod()));
    assertThat(manifest.invalid(entry, errors))
        .hasMessage(
            "web.yaml:6:5: spec.containers[0].image: Required value"
                + "; line 7: spec.containers[1].name: Duplicate value: \"main\""
                + "; line 10: spec.containers[1].ports[0].containerPort: Required value");
  }

  private static List<FieldError> errors(String metadata, String spec) throws Exception {
    var text = "apiVersion: v1\nkind: Pod\nmetadata: " + metadata + "\nspec: " + spec;
    var manifest = ManifestDecoder.decodePod("web.yaml", text.getBytes(StandardCharsets.UTF_8));
    return PodValidation.validate(PodDefaults.apply(manifest.pods().getFirst().pod()));
  }
}
