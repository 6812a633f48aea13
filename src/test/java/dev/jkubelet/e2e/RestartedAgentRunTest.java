package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** An agent that is killed and started again, as those see it who watch the API server. */
class RestartedAgentRunTest extends ClusterRun {
  private static final String POD_COLUMNS =
      "N:.metadata.name,R:.status.conditions[?(@.type==\"Ready\")].status,"
          + "S:.metadata.labels.seen,V:.metadata.resourceVersion";
  private static final String NODE_COLUMNS =
      "N:.metadata.name,R:.status.conditions[?(@.type==\"Ready\")].status";

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: plain}
      spec:
        containers: [{name: main, image: "busybox:1.36", command: [sh, -c, "sleep 3600"]}]
        terminationGracePeriodSeconds: 1
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: probed}
      spec:
        terminationGracePeriodSeconds: 1
        initContainers: [{name: first, image: "busybox:1.36", command: ["true"]}]
        containers:
        - name: main
          image: busybox:1.36
          command: [sh, -c, "sleep 2; touch /ready; sleep 3600"]
          startupProbe: {exec: {command: [cat, /ready]}, periodSeconds: 1, failureThreshold: 60}
          readinessProbe: {exec: {command: [cat, /ready]}, initialDelaySeconds: 2, periodSeconds: 2}
          livenessProbe: {exec: {command: [cat, /ready]}, periodSeconds: 2}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: done}
      spec:
        restartPolicy: Never
        containers: [{name: main, image: "busybox:1.36", command: ["true"]}]
      """;

  @Test
  void flipsNoPodsReadyAndRestartsNothing() throws IOException {
    agent.write("static.yaml", pod("static", LOOP));
    join();
    awaitNode();
    Cluster.apply(PODS);
    eventually("the static pod's mirror is ready", () -> ready("static-test-node"));
    eventually("the plain pod is ready", () -> ready("plain"));
    eventually("the probed pod is ready", () -> ready("probed"));
    eventually("the last is done", () -> get("done", ".status.phase").equals("Succeeded"));
    var containers = Docker.run("ps", "-aq", "--no-trunc", "--filter", "name=k8s_");
    try (var pods = new Watch(state, "pods", POD_COLUMNS);
        var nodes = new Watch(state, "nodes", NODE_COLUMNS)) {
      eventually("all pods are watched", () -> pods.lines().size() >= 4);
      eventually("the node is watched", () -> !nodes.lines().isEmpty());
      agent.kill();
      var before = pods.lines().size();
      var nodesBefore = nodes.lines().size();

      join();

      eventually(
          "the new agent probes",
          () ->
              agent
                  .get("http://127.0.0.1:" + agent.readOnlyPort + "/metrics/probes")
                  .body()
                  .contains("pod=\"probed\",pod_uid="));
      eventually("it has written its node", () -> nodes.lines().size() > nodesBefore);
      kubectl("label", "pod", "plain", "seen=yes");
      eventually("the watch works", () -> pods.lines().getLast().startsWith("plain True yes"));
      assertThat(pods.lines().subList(before, pods.lines().size())).hasSize(1);
      assertThat(nodes.lines()).allMatch("test-node True"::equals);
    }
    assertThat(Docker.run("ps", "-aq", "--no-trunc", "--filter", "name=k8s_"))
        .containsExactlyElementsOf(containers);
  }
}
