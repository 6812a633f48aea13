package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A test of the agent as a node of a real cluster, used through kubectl. */
abstract class ClusterRun extends AgentRun {
  @AfterEach
  void leavesTheCluster() {
    Cluster.startApiServer();
    kubectl("delete", "deployments,pods", "--all", "--grace-period=1", "--timeout=60s");
    kubectl("delete", "node", "test-node");
  }

  void join(String... flags) throws IOException {
    var all =
        new ArrayList<>(
            List.of(
                "--kubeconfig=" + Cluster.kubeconfig("test-node"),
                "--node-ip=172.31.0.1",
                "--client-ca-file=" + Cluster.clientCa(),
                "--anonymous-auth=false",
                "--authentication-token-webhook",
                "--authorization-mode=Webhook"));
    all.addAll(List.of(flags));
    agent.start(all.toArray(String[]::new));
  }

  void awaitNode() {
    eventually("the node is Ready", ClusterRun::nodeIsReady);
  }

  static boolean nodeIsReady() {
    return kubectl("get", "node", "test-node").contains(" Ready ");
  }

  static String node(String path) {
    return kubectl("get", "node", "test-node", "-o", "jsonpath={" + path + "}");
  }

  static void run(String name, String command) {
    kubectl("run", name, "--image=busybox:1.36", "--", "sh", "-c", command);
  }

  static String get(String pod, String path) {
    return kubectl("get", "pod", pod, "-o", "jsonpath={" + path + "}");
  }

  static boolean ready(String pod) {
    return kubectl("get", "pod", pod).contains("1/1");
  }

  /** Messages of all events of that reason about the pod, one a line. */
  static String events(String pod, String reason) {
    return kubectl(
        "get",
        "events",
        "--field-selector=involvedObject.name=" + pod + ",reason=" + reason,
        "-o",
        "jsonpath={range .items[*]}{.message}{\"\\n\"}{end}");
  }
}
