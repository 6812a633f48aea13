package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pod of a real cluster asks for, it gets on a real engine, or it is told why not. */
class PodSpecRunTest extends AgentRun {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: asks, labels: {app: asks}}
      spec:
        terminationGracePeriodSeconds: 1
        securityContext: {sysctls: [{name: net.ipv4.tcp_syncookies, value: "0"}]}
        volumes:
        - {name: settings, configMap: {name: settings}}
        - {name: claim, persistentVolumeClaim: {claimName: claim}}
        - name: token
          projected: {sources: [{serviceAccountToken: {path: token, audience: vault, expirationSeconds: 600}}]}
        - name: self
          downwardAPI:
            items:
            - {path: labels, fieldRef: {fieldPath: metadata.labels}}
            - {path: memory, resourceFieldRef: {containerName: main, resource: limits.memory, divisor: 1Mi}}
        containers:
        - name: main
          image: busybox:1.36
          command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 1; done"]
          resources: {limits: {memory: 48Mi}}
          securityContext:
            readOnlyRootFilesystem: true
            seccompProfile: {type: Localhost, localhostProfile: no-mkdir.json}
          volumeMounts:
          - {name: settings, mountPath: /settings}
          - {name: claim, mountPath: /claim}
          - {name: token, mountPath: /token}
          - {name: self, mountPath: /self}
      """;

  @BeforeEach
  void joinsTheCluster() throws IOException {
    Files.createDirectories(state.resolve("seccomp"));
    Files.writeString(
        state.resolve("seccomp/no-mkdir.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
        """);
    agent.start(
        "--kubeconfig=" + Cluster.kubeconfig("test-node"),
        "--node-ip=172.31.0.1",
        "--client-ca-file=" + Cluster.clientCa(),
        "--anonymous-auth=false",
        "--authentication-token-webhook",
        "--authorization-mode=Webhook",
        "--seccomp-profile-root=" + state.resolve("seccomp"));
    eventually("the node is Ready", () -> kubectl("get", "node", "test-node").contains(" Ready "));
  }

  @AfterEach
  void leavesTheCluster() {
    kubectl("delete", "pods", "--all", "--grace-period=1", "--timeout=60s");
    kubectl("delete", "pvc/claim", "pv/jkubelet-test", "configmap/settings");
    kubectl("delete", "node", "test-node");
  }

  @Test
  void getsWhatItAsksFor() throws IOException {
    var data = Files.createDirectories(state.resolve("data"));
    Files.writeString(data.resolve("kept"), "for long");
    apply("storage.yaml", storage(data));
    apply("pod.yaml", POD);
    eventually(
        "it waits for its ConfigMap",
        () -> kubectl("get", "events").contains("configmap \"settings\" not found"));
    kubectl("create", "configmap", "settings", "--from-literal=mode=dark");
    eventually("it runs", () -> kubectl("get", "pod", "asks").contains("1/1"));

    assertThat(exec("cat /settings/mode")).isEqualTo("dark");
    assertThat(exec("cat /claim/kept")).isEqualTo("for long");
    assertThat(exec("cat /self/memory")).isEqualTo("48");
    assertThat(exec("cat /self/labels")).isEqualTo("app=\"asks\"");
    assertThat(exec("cat /proc/sys/net/ipv4/tcp_syncookies")).isEqualTo("0\n");
    assertThat(exec("mkdir /claim/more")).contains("Operation not permitted");
    assertThat(exec("touch /here")).contains("Read-only file system");
    assertThat(claims(exec("cat /token/token")))
        .contains("\"aud\":[\"vault\"]")
        .contains("\"pod\":{\"name\":\"asks\"");

    kubectl("patch", "configmap", "settings", "-p", "{\"data\":{\"mode\":\"light\"}}");
    kubectl("label", "pod", "asks", "app=tells", "--overwrite");
    eventually("the ConfigMap's change is seen", () -> exec("cat /settings/mode").equals("light"));
    eventually("the label's is, too", () -> exec("cat /self/labels").equals("app=\"tells\""));
    assertThat(kubectl("get", "pod", "asks", "-o", "jsonpath={..restartCount}")).isEqualTo("0");
  }

  @Test
  void isRefusedWhatItsNodeCantGive() throws IOException {
    apply("sysctl.yaml", refused("sysctl", "{sysctls: [{name: kernel.msgmax, value: '1'}]}"));
    apply("label.yaml", refused("label", "{seLinuxOptions: {type: container_t}}"));

    eventually("the one is refused", () -> reason("sysctl").equals("SysctlForbidden"));
    eventually("and the other", () -> reason("label").equals("SELinux"));
    assertThat(Docker.all("k8s_POD")).isEmpty();
  }

  private static String storage(Path data) {
    return """
    apiVersion: v1
    kind: PersistentVolume
    metadata: {name: jkubelet-test}
    spec:
      capacity: {storage: 1Mi}
      accessModes: [ReadWriteOnce]
      storageClassName: jkubelet-test
      hostPath: {path: "%s"}
    ---
    apiVersion: v1
    kind: PersistentVolumeClaim
    metadata: {name: claim}
    spec:
      accessModes: [ReadWriteOnce]
      storageClassName: jkubelet-test
      resources: {requests: {storage: 1Mi}}
    """
        .formatted(data);
  }

  private static String refused(String name, String context) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s}
    spec:
      securityContext: %s
      containers: [{name: main, image: 'busybox:1.36'}]
    """
        .formatted(name, context);
  }

  private static String reason(String pod) {
    return kubectl("get", "pod", pod, "-o", "jsonpath={.status.reason}");
  }

  private void apply(String file, String yaml) throws IOException {
    Path path = Files.writeString(state.resolve(file), yaml);
    assertThat(kubectl("apply", "-f", path.toString())).contains("created");
  }

  private static String exec(String command) {
    return kubectl("exec", "asks", "--", "sh", "-c", command);
  }

  private static String claims(String token) {
    return new String(
        Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
  }
}
