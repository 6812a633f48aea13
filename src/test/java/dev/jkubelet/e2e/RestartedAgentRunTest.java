package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An agent that is killed and started again, as those see it who watch the API server. */
class RestartedAgentRunTest extends ClusterRun {
  private static final String POD_COLUMNS =
      "N:.metadata.name,R:.status.conditions[?(@.type==\"Ready\")].status,"
          + "S:.metadata.labels.seen,C:.status.containerStatuses[0].restartCount,"
          + "P:.status.phase,W:.status.containerStatuses[0].state.waiting.reason,"
          + "E:.status.containerStatuses[0].lastState.terminated.exitCode,"
          + "V:.metadata.resourceVersion";
  private static final String NODE_COLUMNS =
      "N:.metadata.name,R:.status.conditions[?(@.type==\"Ready\")].status";

  /** Unready, running as a pod, with its last end known, and with no other reason to wait. */
  private static final String STILL_CRASHING =
      "crashing False <none> [1-9] Running (<none>|CrashLoopBackOff) 3 [0-9]+";

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
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: crashing}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
        - name: main
          image: busybox:1.36
          command: [sh, -c, "exit 3"]
          readinessProbe: {exec: {command: ["false"]}}
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
    eventually("one crashes again and again", () -> crashed() >= 1);
    var containers = lasting();
    try (var pods = new Watch(state, "pods", POD_COLUMNS);
        var nodes = new Watch(state, "nodes", NODE_COLUMNS)) {
      eventually("all pods are watched", () -> pods.lines().size() >= 5);
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
      eventually(
          "the watch works",
          () -> pods.lines().stream().anyMatch(line -> line.startsWith("plain True yes")));
      var told = pods.lines();
      assertThat(told.subList(before, told.size()).stream().filter(line -> !ofCrashing(line)))
          .hasSize(1);
      int crashes = restarts(told.subList(0, before)).getLast();
      eventually("it crashes as before", () -> restarts(pods.lines()).getLast() > crashes);
      assertThat(restarts(pods.lines())).isSorted();
      assertThat(pods.lines().stream().filter(RestartedAgentRunTest::ofCrashing))
          .allMatch(line -> line.matches(STILL_CRASHING));
      assertThat(nodes.lines()).allMatch("test-node True"::equals);
    }
    assertThat(lasting()).containsExactlyElementsOf(containers);
  }

  private static int crashed() {
    return Integer.parseInt(get("crashing", ".status.containerStatuses[0].restartCount"));
  }

  private static boolean ofCrashing(String line) {
    return line.startsWith("crashing ");
  }

  /** As they were told of the pod that crashes, one after the other. */
  private static List<Integer> restarts(List<String> told) {
    return told.stream()
        .filter(RestartedAgentRunTest::ofCrashing)
        .map(line -> Integer.valueOf(line.split(" ", -1)[3]))
        .toList();
  }

  /** All containers but those that come and go by themselves. */
  private static List<String> lasting() {
    var format = "{{.ID}} {{.Names}}";
    return Docker.run("ps", "-a", "--no-trunc", "--filter", "name=k8s_", "--format", format)
        .stream()
        .filter(container -> !container.contains("k8s_main_crashing_"))
        .toList();
  }
}
