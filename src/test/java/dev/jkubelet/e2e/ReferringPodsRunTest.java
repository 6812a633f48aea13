package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods that refer to other objects of the cluster. */
class ReferringPodsRunTest extends OneNodeRun {
  private static final String PRIVATE = "127.0.0.1:5599/private/busybox:1";

  private static final String LOGIN =
      "\"127.0.0.1:5599\": {\"username\": \"tester\", \"password\": \"open-sesame\"}";

  private static final String OBJECTS =
      """
      {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {color: blue, size: "7"}}
      ---
      {apiVersion: v1, kind: Secret, metadata: {name: login}, stringData: {PASSWORD: sesame}}
      ---
      {apiVersion: v1, kind: Service, metadata: {name: front-end}, spec: {clusterIP: 10.0.0.99, ports: [{port: 8080}]}}
      ---
      {apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: usual}, handler: docker}
      ---
      {apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: unusual}, handler: kata}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: registry}
      type: kubernetes.io/dockerconfigjson
      data: {.dockerconfigjson: %s}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: old-registry}
      type: kubernetes.io/dockercfg
      data: {.dockercfg: %s}
      """
          .formatted(base64("{\"auths\": {" + LOGIN + "}}"), base64("{" + LOGIN + "}"));

  private static final String PROVIDERS =
      """
      apiVersion: kubelet.config.k8s.io/v1alpha1
      kind: CredentialProviderConfig
      providers:
      - name: login
        apiVersion: credentialprovider.kubelet.k8s.io/v1alpha1
        matchImages: ["localhost:5599"]
        defaultCacheDuration: 10m
      """;

  private static final String PROVIDER =
      """
      #!/bin/sh
      grep -q '"image":"localhost:5599/private/busybox' || exit 1
      echo '{"kind": "CredentialProviderResponse", "apiVersion": "credentialprovider.kubelet.k8s.io/v1alpha1",
        "cacheKeyType": "Registry", "auth": {"localhost:5599": {"username": "tester", "password": "open-sesame"}}}'
      """;

  @Override
  List<String> flags(Path folder) throws IOException {
    var config = Files.writeString(folder.resolve("providers.yaml"), PROVIDERS);
    var programs = Files.createDirectory(folder.resolve("programs"));
    var program = Files.writeString(programs.resolve("login"), PROVIDER);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return List.of(
        "--image-credential-provider-config=" + config,
        "--image-credential-provider-bin-dir=" + programs);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @BeforeEach
  void makesTheObjects() {
    Cluster.apply(OBJECTS);
  }

  @AfterEach
  void deletesTheObjects() {
    kubectl("delete", "configmap/settings", "service/front-end");
    kubectl("delete", "secret", "login", "registry", "old-registry");
    kubectl("delete", "runtimeclass", "usual", "unusual");
    Docker.run("rmi", "-f", PRIVATE);
  }

  @Test
  void getWhatTheyReferToAsVariables() {
    Cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: reader, labels: {tier: gold}}
        spec:
          runtimeClassName: usual
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: busybox:1.36
            command: [sh, -c, "env | sort; sleep 3600"]
            resources: {limits: {memory: 32Mi}}
            envFrom: [{prefix: MAP_, configMapRef: {name: settings}}, {secretRef: {name: login}}]
            env:
            - {name: COLOR, valueFrom: {configMapKeyRef: {name: settings, key: color}}}
            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
            - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - {name: TIER, valueFrom: {fieldRef: {fieldPath: "metadata.labels['tier']"}}}
            - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
        """);
    eventually("it runs", () -> ready("reader"));
    eventually("it has told", () -> kubectl("logs", "reader").contains("TIER="));
    assertThat(kubectl("logs", "reader").lines())
        .contains(
            "MAP_color=blue",
            "MAP_size=7",
            "PASSWORD=sesame",
            "COLOR=blue",
            "NODE=test-node",
            "IP=" + get("reader", ".status.podIP"),
            "TIER=gold",
            "MEMORY=33554432",
            "FRONT_END_SERVICE_HOST=10.0.0.99",
            "FRONT_END_PORT=tcp://10.0.0.99:8080")
        .anyMatch(line -> line.startsWith("KUBERNETES_SERVICE_HOST="));
  }

  @Test
  void pullWithTheirSecretsAndWaitForARuntimeThatIsNotThere() {
    Cluster.run(List.of("bin/registry", "up"));
    Cluster.apply(privatePod("config", "imagePullSecrets: [{name: registry}]"));
    eventually("the first runs", () -> ready("config"));
    Cluster.apply(privatePod("cfg", "imagePullSecrets: [{name: old-registry}]"));
    eventually("the second runs", () -> ready("cfg"));
    Cluster.apply(privatePod("without", "imagePullSecrets: [{name: missing}]"));
    eventually(
        "the third is told",
        () -> events("without", "Failed").contains("no basic auth credentials"));
    Cluster.apply(privatePod("strange", "runtimeClassName: unusual"));
    eventually(
        "the fourth is told",
        () ->
            events("strange", "FailedCreatePodSandBox")
                .contains("RuntimeHandler \"kata\" not supported"));
    assertThat(get("strange", ".status.phase")).isEqualTo("Pending");
  }

  @Test
  void pullWithWhatAProgramOfTheNodesKnows() {
    Cluster.run(List.of("bin/registry", "up"));
    var tagged = "localhost:5599/private/busybox:1";
    Cluster.apply(privatePod("tagged", "").replace(PRIVATE, tagged));
    eventually("it runs", () -> ready("tagged"));
    var image =
        Docker.run("inspect", "--format", "{{join .RepoDigests \"\\n\"}}", tagged).stream()
            .filter(name -> name.startsWith("localhost:5599/private/busybox@sha256:"))
            .findFirst()
            .orElseThrow();
    Docker.run("rmi", "-f", tagged);

    Cluster.apply(privatePod("digested", "").replace(PRIVATE, image));
    eventually("what its digest names runs", () -> ready("digested"));

    Docker.run("rmi", "-f", image);
  }

  private static String privatePod(String name, String with) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          terminationGracePeriodSeconds: 1
          %s
          containers:
          - name: main
            image: %s
            imagePullPolicy: Always
            command: [sleep, "3600"]
        """
        .formatted(name, with, PRIVATE);
  }
}
