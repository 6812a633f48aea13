package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent as a node of a real cluster, used through kubectl. */
class ClusterRunTest extends ClusterRun {
  @BeforeEach
  void joinsTheCluster() throws IOException {
    join();
    awaitNode();
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
    awaitNode();
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
