package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent as a node of a real cluster, used through kubectl. */
class ClusterRunTest extends AgentRun {
  @BeforeEach
  void joinsTheCluster() throws IOException {
    join();
    eventually("the node is Ready", ClusterRunTest::nodeIsReady);
  }

  @AfterEach
  void leavesTheCluster() {
    Cluster.startApiServer();
    kubectl("delete", "deployments,pods", "--all", "--grace-period=1", "--timeout=60s");
    kubectl("delete", "node", "test-node");
  }

  private void join(String... flags) throws IOException {
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

  private static boolean nodeIsReady() {
    return kubectl("get", "node", "test-node").contains(" Ready ");
  }

  private static void run(String name, String command) {
    kubectl("run", name, "--image=busybox:1.36", "--", "sh", "-c", command);
  }

  private static String get(String pod, String path) {
    return kubectl("get", "pod", pod, "-o", "jsonpath={" + path + "}");
  }

  private static boolean ready(String pod) {
    return kubectl("get", "pod", pod).contains("1/1");
  }

  @Test
  void runsThirtyReplicasAndLeavesNothingOfThem() {
    kubectl(
        "create",
        "deployment",
        "many",
        "--image=busybox:1.36",
        "--replicas=30",
        "--",
        "sh",
        "-c",
        "trap 'exit 0' TERM; sleep 3600 & wait");
    eventually(
        "all are ready",
        () ->
            kubectl("get", "deployment", "many", "-o", "jsonpath={.status.readyReplicas}")
                .equals("30"));
    kubectl("delete", "deployment", "many");
    eventually("no container is left", () -> Docker.all("k8s_").isEmpty());
    eventually("no object is left", () -> kubectl("get", "pods", "-o", "name").isEmpty());
    eventually("no folder is left", () -> state.resolve("root/pods").toFile().list().length == 0);
  }

  @Test
  void servesLogsAndCommandsToThoseWhoMay() {
    run("loop", LOOP);
    eventually("the pod is ready", () -> ready("loop"));
    eventually("its log is served", () -> kubectl("logs", "loop").startsWith("line 0\n"));
    assertThat(kubectl("exec", "loop", "--", "sh", "-c", "echo out; exit 3"))
        .isEqualTo("out\ncommand terminated with exit code 3\n");
    for (var event :
        List.of(
            "Successfully assigned default/loop to test-node",
            "Created container loop",
            "Started container loop")) {
      eventually(event, () -> kubectl("describe", "pod", "loop").contains(event));
    }
    var pods = "https://127.0.0.1:" + agent.kubeletPort + "/pods";
    assertThat(agent.get(pods).statusCode()).isEqualTo(401);
    var secret = get("loop", ".spec.volumes[0].secret.secretName");
    var token =
        kubectl("get", "secret", secret, "-o", "go-template={{.data.token | base64decode}}");
    var refused = agent.get(pods, "Authorization", "Bearer " + token);
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(refused.body())
        .startsWith("Forbidden (user=system:serviceaccount:default:default, verb=get");
  }

  @Test
  void flipsNothingWhenItIsKilledAndStartedAgain() throws IOException {
    run("keep", LOOP);
    eventually("the pod is ready", () -> ready("keep"));
    var before = get("keep", ".status");
    agent.kill();
    join();
    eventually("the pods are listed again", () -> agent.pods().contains("\"phase\":\"Running\""));
    eventually("the node is Ready", ClusterRunTest::nodeIsReady);
    assertThat(get("keep", ".status")).isEqualTo(before);
  }

  @Test
  void keepsPodsRunningWithoutAnApiServerAndTellsItAfterwards() {
    run("loop", LOOP);
    eventually("the pod is ready", () -> ready("loop"));
    Cluster.stopApiServer();
    var first = Docker.running("k8s_loop_loop").getFirst();
    Docker.run("kill", "-s", "KILL", first);
    eventually(
        "its successor runs",
        () -> Docker.running("k8s_loop_loop").stream().anyMatch(id -> !id.equals(first)));
    Cluster.startApiServer();
    eventually(
        "the restart is told",
        () -> get("loop", ".status.containerStatuses[0].restartCount").equals("1"));
    eventually("the node is Ready", ClusterRunTest::nodeIsReady);
  }

  @Test
  void refusesAPodThatAsksForTooMuch() {
    kubectl(
        "run",
        "big",
        "--image=busybox:1.36",
        "--requests=cpu=1000",
        "--overrides={\"spec\":{\"nodeName\":\"test-node\"}}");
    eventually("it is refused", () -> get("big", ".status.reason").equals("OutOfcpu"));
    assertThat(get("big", ".status.phase")).isEqualTo("Failed");
    assertThat(Docker.all("k8s_POD_big")).isEmpty();
  }

  @Test
  void mirrorsStaticPods() throws IOException {
    agent.kill();
    agent.write("web.yaml", pod("web", LOOP));
    join();
    eventually("its mirror is ready", () -> ready("web-test-node"));
    var uid = get("web-test-node", ".metadata.uid");
    kubectl("delete", "pod", "web-test-node", "--grace-period=0", "--force");
    eventually(
        "the mirror is made again", () -> !List.of(uid, "").contains(uidOf("web-test-node")));
    assertThat(Docker.running("k8s_main_web")).hasSize(1);
  }

  private static String uidOf(String pod) {
    var uid = get(pod, ".metadata.uid");
    return uid.contains("NotFound") ? "" : uid;
  }
}
