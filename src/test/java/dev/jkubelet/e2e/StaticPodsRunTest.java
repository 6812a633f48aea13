package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.AgentRun.LOOP;
import static dev.jkubelet.e2e.AgentRun.pod;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a user runs it: one process, a folder of manifests, a real Docker Engine. */
class StaticPodsRunTest {
  private static Agent agent;

  @BeforeAll
  static void starts(@TempDir(cleanup = CleanupMode.NEVER) Path state)
      throws IOException, GeneralSecurityException {
    agent = AgentRun.onAnEmptyEngine(state);
    agent.start();
    eventually("the agent is healthy", () -> !agent.log().isEmpty() && agent.healthy());
  }

  @AfterAll
  static void ends() throws IOException {
    AgentRun.endPods(agent);
  }

  private static void eventually(String what, BooleanSupplier condition) {
    AgentRun.eventually(agent, what, condition);
  }

  @Test
  void runsAPodAndServesItOnTheFourPorts() throws IOException {
    agent.write("web.yaml", pod("web", LOOP));
    eventually(
        "the pod is Running",
        () -> agent.pod("web").at("/status/phase").asText().equals("Running"));
    assertThat(agent.pod("web").at("/status/qosClass").asText()).isEqualTo("Burstable");
    var logs =
        "https://127.0.0.1:" + agent.kubeletPort + "/containerLogs/default/web-test-node/main";
    eventually("its log is served", () -> agent.get(logs).body().startsWith("line 0\n"));
    assertThat(agent.get(logs + "?tailLines=1&limitBytes=4").body()).isEqualTo("line");
    assertThat(agent.get(logs + "?tailLines=x").statusCode()).isEqualTo(400);
    assertThat(agent.get(logs + "x").body())
        .isEqualTo("container \"mainx\" not found in pod \"web-test-node\"");
    assertThat(agent.get("http://127.0.0.1:" + agent.cadvisorPort + "/healthz").body())
        .isEqualTo("ok");
    var cores = Runtime.getRuntime().availableProcessors();
    assertThat(agent.get("http://127.0.0.1:" + agent.cadvisorPort + "/api/v1.3/machine").body())
        .contains("\"num_cores\":" + cores + ",");
    assertThat(agent.get("http://127.0.0.1:" + agent.readOnlyPort + "/spec/").body())
        .contains("\"num_cores\": " + cores + ",");
    assertThat(agent.get("http://127.0.0.1:" + agent.readOnlyPort + "/metrics").body())
        .contains("kubelet_node_name{node=\"test-node\"} 1");
    assertThat(
            agent
                .get("http://127.0.0.1:" + agent.readOnlyPort + "/containerLogs/a/b/c")
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void refusesAPodThatItsMachineIsTooSmallFor() throws IOException {
    agent.write("vast.yaml", pod("vast", LOOP).replace("cpu: 10m", "cpu: 1000"));
    eventually(
        "it is refused", () -> agent.pod("vast").at("/status/phase").asText().equals("Failed"));
    assertThat(agent.pod("vast").at("/status/reason").asText())
        .isEqualTo("UnexpectedAdmissionError");
    assertThat(agent.pod("vast").at("/status/message").asText())
        .startsWith("Pod Unexpected error while attempting to recover from admission failure: ")
        .contains("no set of running pods found to reclaim resources: [(res: cpu, q: ");
  }

  @Test
  void runsAKilledContainerAgainAtOnceAndCountsIt() throws IOException {
    agent.write("loop.yaml", pod("loop", LOOP));
    eventually("the container runs", () -> Docker.running("k8s_main_loop").size() == 1);
    var first = Docker.running("k8s_main_loop").getFirst();
    Docker.run("kill", "-s", "KILL", first);
    eventually(
        "another runs",
        () -> Docker.running("k8s_main_loop").stream().anyMatch(id -> !id.equals(first)));
    eventually(
        "it is counted", () -> agent.containerStatus("loop").path("restartCount").asInt() == 1);
    assertThat(agent.containerStatus("loop").at("/lastState/terminated/exitCode").asInt())
        .isEqualTo(137);
    assertThat(Docker.running("k8s_main_loop")).hasSize(1);
  }

  @Test
  void backsOffFromAContainerThatFailsAgainAndAgain() throws IOException {
    agent.write("crash.yaml", pod("crash", "exit 3"));
    eventually("it backs off", () -> agent.pods().contains("CrashLoopBackOff"));
    assertThat(agent.pods())
        .contains("back-off 10s restarting failed container=main pod=crash-test-node_default(");
  }

  @Test
  void losesNothingButAFileThatDoesNotParse() throws IOException {
    agent.write("good.yaml", pod("good", LOOP));
    agent.write(
        "bad.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\nspec:\n  containers: 7\n");
    eventually("the good one runs", () -> Docker.running("k8s_main_good").size() == 1);
    eventually("the bad one is named", () -> agent.log().contains("bad.yaml:5"));
    assertThat(agent.log()).contains("spec.containers");
    assertThat(Docker.all("bad")).isEmpty();
  }

  @Test
  void endsAPodWhoseFileIsRemovedAndLeavesNothing() throws IOException {
    var events =
        "http://127.0.0.1:%d/api/v2.1/events?stream=true&all_events=true&subcontainers=true"
            .formatted(agent.cadvisorPort);
    try (var told = new BufferedReader(new InputStreamReader(agent.open(events), UTF_8))) {
      agent.write("short.yaml", pod("short", LOOP));
      eventually("it runs", () -> Docker.running("k8s_main_short").size() == 1);
      var id = Docker.running("k8s_main_short").getFirst();
      eventually("its cgroup is told of", () -> isTold(told, id, "containerCreation"));
      var uid = agent.pod("short").at("/metadata/uid").asText();
      Files.delete(agent.manifests.resolve("short.yaml"));
      eventually("its containers are gone", () -> Docker.all("short-test-node").isEmpty());
      eventually("that is told, too", () -> isTold(told, id, "containerDeletion"));
      eventually("nothing else is left", () -> Traces.of(uid, agent.root).isEmpty());
    }
  }

  /** Whether the next event is that. */
  private static boolean isTold(BufferedReader told, String containerId, String type) {
    try {
      return told.ready() && told.readLine().matches(".*" + containerId + "\".*\"" + type + "\".*");
    } catch (IOException ended) {
      throw new AssertionError(ended);
    }
  }
}
