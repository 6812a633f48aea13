package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The agent as a node of a real cluster, used through kubectl. */
class ClusterRunTest extends OneNodeRun {
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
    var uids = kubectl("get", "pods", "-o", "jsonpath={.items[*].metadata.uid}").split(" ");
    assertThat(uids).hasSize(30);
    kubectl("delete", "deployment", "many");
    eventually("no object is left", () -> kubectl("get", "pods", "-o", "name").isEmpty());
    assertThat(uids).allMatch(uid -> Traces.of(uid, agent.root).isEmpty());
    assertThat(Docker.all("k8s_")).isEmpty();
  }

  @Test
  void letsAnEphemeralContainerSeeTheProcessesOfItsTarget() {
    run("subject", "exec sleep 4242");
    eventually("the pod is ready", () -> ready("subject"));

    kubectl(
        "debug",
        "subject",
        "--image=busybox:1.36",
        "--target=subject",
        "--container=debugger",
        "--attach=false",
        "--",
        "sh",
        "-c",
        "ps; exec sleep 3600");

    eventually(
        "it sees them", () -> kubectl("logs", "subject", "-c", "debugger").contains(" 4242"));
    eventually(
        "it is told of",
        () -> !get("subject", ".status.ephemeralContainerStatuses[0].state.running").isEmpty());
    assertThat(get("subject", ".status.containerStatuses[0].restartCount")).isEqualTo("0");
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
    kubectl("create", "clusterrole", "metrics", "--verb=get", "--resource=nodes/metrics");
    kubectl("create", "serviceaccount", "scraper");
    kubectl(
        "create",
        "clusterrolebinding",
        "metrics",
        "--clusterrole=metrics",
        "--serviceaccount=default:scraper");
    eventually("there is a token", () -> !tokenOf("scraper").isEmpty());
    var scraper = "Bearer " + tokenOf("scraper");
    var metrics = "https://127.0.0.1:" + agent.kubeletPort + "/metrics";
    eventually(
        "metrics are allowed",
        () -> agent.get(metrics, "Authorization", scraper).statusCode() == 200);
    assertThat(agent.get(pods, "Authorization", scraper).body()).contains("subresource=proxy)");
    var stats = "https://127.0.0.1:" + agent.kubeletPort + "/stats/summary";
    assertThat(agent.get(stats, "Authorization", scraper).body()).contains("subresource=stats)");
    assertThat(kubectl("get", "--raw", "/api/v1/nodes/test-node/proxy/pods"))
        .startsWith("{\"kind\":\"PodList\"");
  }

  private static String tokenOf(String account) {
    var secret = kubectl("get", "serviceaccount", account, "-o", "jsonpath={.secrets[0].name}");
    return secret.isEmpty()
        ? ""
        : kubectl("get", "secret", secret, "-o", "go-template={{.data.token | base64decode}}");
  }

  @AfterEach
  void takesTheScrapersRightsAway() {
    kubectl("delete", "clusterrole,clusterrolebinding", "metrics");
    kubectl("delete", "serviceaccount", "scraper");
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
    Eventually.holds(
        "the restart is told within a lease's time",
        Duration.ofSeconds(40),
        () -> get("loop", ".status.containerStatuses[0].restartCount").equals("1") && nodeIsReady(),
        agent::log);
  }

  @Test
  void refusesPodsThatAreNotForItAndSaysWhy() {
    Cluster.apply(refused("big", "containers: [{%s, resources: {requests: {cpu: 1000}}}]"));
    Cluster.apply(refused("elsewhere", "nodeSelector: {disk: tape}, containers: [{%s}]"));
    var ports = "hostNetwork: true, containers: [{%s, ports: [{containerPort: 18099}]}]";
    Cluster.apply(refused("first", ports));
    eventually("the first has the port", () -> ready("first"));
    Cluster.apply(refused("second", ports));
    Map.of("big", "OutOfcpu", "elsewhere", "NodeAffinity", "second", "NodePorts")
        .forEach(
            (pod, reason) -> {
              eventually(pod + " is refused", () -> get(pod, ".status.reason").equals(reason));
              assertThat(get(pod, ".status.phase")).isEqualTo("Failed");
              assertThat(Docker.all("k8s_POD_" + pod)).isEmpty();
              var told = get(pod, ".status.message");
              // Those of earlier pods of that name may still be there.
              eventually(
                  "an event says why",
                  () -> events(pod, reason).lines().map("Pod "::concat).anyMatch(told::equals));
            });
  }

  @Test
  void saysWhichVolumeItCanNotGive() {
    Cluster.apply(
        refused(
            "strange", "volumes: [{name: v, rbd: {image: i, monitors: [m]}}], containers: [{%s}]"));
    eventually(
        "an event says why",
        () ->
            events("strange", "FailedMount")
                .contains("MountVolume.SetUp failed for volume \"v\" : volumes of type rbd"));
    assertThat(get("strange", ".status.phase")).isEqualTo("Pending");
  }

  /** Bound to the node by whoever made it, past the scheduler. */
  private static String refused(String name, String spec) {
    return "{apiVersion: v1, kind: Pod, metadata: {name: %s}, spec: {nodeName: test-node, %s}}"
        .formatted(
            name, spec.formatted("name: main, image: 'busybox:1.36', command: [sleep, '3600']"));
  }

  @Test
  void writesAtMostThreeStatusesForEachPodThatStarts() {
    long pods = 5;
    long before = Cluster.requests("PATCH", "pods", "status");
    for (int i = 0; i < pods; i++) {
      var name = "p" + i;
      run(name, LOOP);
      eventually("it is ready", () -> ready(name));
    }
    assertThat(Cluster.requests("PATCH", "pods", "status") - before).isBetween(pods, 3 * pods);
  }

  @Test
  void mirrorsStaticPods() throws IOException {
    agent.write("web.yaml", pod("web", LOOP));
    eventually("its mirror is ready", () -> ready("web-test-node"));
    var uid = get("web-test-node", ".metadata.uid");
    kubectl("delete", "pod", "web-test-node", "--grace-period=0", "--force");
    eventually(
        "the mirror is made again", () -> !List.of(uid, "").contains(uidOf("web-test-node")));
    var container = Docker.running("k8s_main_web");
    assertThat(container).hasSize(1);
    agent.write("web.yaml", pod("web", LOOP + " # another"));
    eventually(
        "it is replaced",
        () ->
            Docker.running("k8s_main_web").size() == 1
                && !Docker.running("k8s_main_web").equals(container));
    eventually(
        "its mirror is, too",
        () ->
            get("web-test-node", ".spec.containers[0].command[2]").endsWith("# another")
                && ready("web-test-node"));
    Files.delete(agent.manifests.resolve("web.yaml"));
    eventually("both are gone", () -> uidOf("web-test-node").isEmpty());
    eventually("both are gone", () -> Docker.all("k8s_").isEmpty());
  }

  private static String uidOf(String pod) {
    var uid = get(pod, ".metadata.uid");
    return uid.contains("NotFound") ? "" : uid;
  }
}
