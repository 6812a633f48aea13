package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** How a node comes into a cluster, and what it says of itself there. */
class JoinedNodeRunTest extends ClusterRun {
  private static final String OWN_TAINTS = "range .spec.taints[*]}{.key}={.value}:{.effect} {end";

  @Test
  void registersAsItsFlagsSayAndKeepsWhatOthersAdd() throws IOException {
    join(
        "--node-labels=disk=ssd,node.kubernetes.io/instance-type=small",
        "--register-with-taints=dedicated=tests:PreferNoSchedule",
        "--provider-id=tests://one",
        "--system-reserved=cpu=100m,memory=10Mi",
        "--kube-reserved=memory=20Mi",
        "--eviction-hard=memory.available<30Mi",
        "--max-pods=17");
    awaitNode();
    assertThat(node(".metadata.labels"))
        .contains("\"disk\":\"ssd\"")
        .contains("\"kubernetes.io/hostname\":\"test-node\"")
        .contains("\"kubernetes.io/os\":\"linux\"");
    assertThat(node(OWN_TAINTS)).contains("dedicated=tests:PreferNoSchedule");
    assertThat(node(".spec.providerID")).isEqualTo("tests://one");
    assertThat(node(".status.allocatable.pods")).isEqualTo("17");
    assertThat(kibi(node(".status.capacity.memory")) - kibi(node(".status.allocatable.memory")))
        .isEqualTo(60 * 1024);
    assertThat(node(".status.daemonEndpoints.kubeletEndpoint.Port"))
        .isEqualTo(Integer.toString(agent.kubeletPort));
    assertThat(node(".status.conditions[*].type"))
        .isEqualTo("MemoryPressure DiskPressure PIDPressure Ready");
    eventually(
        "it holds its lease",
        () ->
            kubectl("get", "lease", "test-node", "-n", "kube-node-lease", "-o", "yaml")
                .contains("leaseDurationSeconds: 40"));
    agent.kill();
    kubectl("label", "node", "test-node", "team=blue");
    kubectl("label", "--overwrite", "node", "test-node", "kubernetes.io/arch=vax");
    kubectl("annotate", "node", "test-node", "who=others");
    kubectl("taint", "node", "test-node", "theirs=yes:PreferNoSchedule");

    join("--node-labels=node.kubernetes.io/instance-type=big");

    eventually(
        "what is its own is put right",
        () -> node(".metadata.labels").contains("\"node.kubernetes.io/instance-type\":\"big\""));
    assertThat(node(".metadata.labels"))
        .contains("\"team\":\"blue\"", "\"disk\":\"ssd\"")
        .doesNotContain("vax");
    assertThat(node(".metadata.annotations.who")).isEqualTo("others");
    assertThat(node(OWN_TAINTS)).contains("theirs=yes:PreferNoSchedule", "dedicated=tests");
    eventually("so is its status", () -> node(".status.allocatable.pods").equals("110"));
  }

  @Test
  void leavesItsObjectToOthersAndRunsPodsMeanwhile() throws IOException {
    join("--register-node=false");
    Cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: early}
        spec:
          nodeName: test-node
          nodeSelector: {kubernetes.io/os: linux}
          terminationGracePeriodSeconds: 1
          containers: [{name: main, image: "busybox:1.36", command: [sleep, "3600"]}]
        """);
    eventually("its pod is ready", () -> ready("early"));
    assertThat(kubectl("get", "node", "test-node")).contains("not found");

    Cluster.apply(
        "{apiVersion: v1, kind: Node, metadata: {name: test-node, labels: {team: blue}}}");

    awaitNode();
    assertThat(node(".metadata.labels.team")).isEqualTo("blue");
    assertThat(node(".status.addresses[?(@.type==\"InternalIP\")].address"))
        .isEqualTo("172.31.0.1");
  }

  @Test
  void getsItsCertificatesFromTheCluster() throws IOException {
    var kubeconfig = state.resolve("kubelet.conf");
    kubectl("delete", "csr", "--all");
    join(
        "--bootstrap-kubeconfig=" + Cluster.bootstrapKubeconfig(),
        "--kubeconfig=" + kubeconfig,
        "--rotate-certificates",
        "--rotate-server-certificates");
    awaitNode();
    assertThat(Files.readString(kubeconfig)).contains("kubelet-client-current.pem");
    eventually("it asks for the other", () -> !requested().isEmpty());
    kubectl("certificate", "approve", requested());
    eventually("its port shows it", () -> issuer().equals("CN=jkubelet-test-ca"));

    agent.kill();
    join("--kubeconfig=" + kubeconfig, "--rotate-certificates", "--rotate-server-certificates");

    run("loop", LOOP);
    eventually("pods run", () -> ready("loop"));
    assertThat(issuer()).isEqualTo("CN=jkubelet-test-ca");
    assertThat(kubectl("logs", "loop")).startsWith("line 0\n");
  }

  private static String requested() {
    return kubectl(
        "get",
        "csr",
        "-o",
        "jsonpath={.items[?(@.spec.username==\"system:node:test-node\")].metadata.name}");
  }

  private String issuer() {
    return agent.certificate().getIssuerX500Principal().getName();
  }

  private static long kibi(String quantity) {
    assertThat(quantity).endsWith("Ki");
    return Long.parseLong(quantity.substring(0, quantity.length() - 2));
  }
}
