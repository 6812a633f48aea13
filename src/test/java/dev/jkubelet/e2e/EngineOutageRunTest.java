package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Docker Engine goes away and comes back under the agent. */
class EngineOutageRunTest extends AgentRun {
  @AfterEach
  void startsTheEngine() throws IOException {
    TestEngine.thaw();
    TestEngine.start();
  }

  @Test
  void saysThatTheEngineIsGoneAndRecoversByItself() throws IOException {
    agent.write("loop.yaml", pod("loop", LOOP));
    agent.start();
    eventually("the pod is Running", () -> agent.pods().contains("\"phase\":\"Running\""));
    eventually("the agent is healthy", agent::healthy);
    TestEngine.stop();
    eventually("/healthz says so", () -> agent.health().contains("the container runtime is down"));
    assertThat(agent.pods()).contains("\"name\":\"loop-test-node\"");
    TestEngine.start();
    eventually("the agent is healthy again", agent::healthy);
    eventually("the container runs again", () -> Docker.running("k8s_main_loop").size() == 1);
    eventually("with a sandbox of its own", () -> Docker.running("k8s_POD_loop").size() == 1);
  }

  @Test
  void saysThatTheEngineIsSilentAndEndsInTimeAllTheSame() throws IOException {
    agent.write("loop.yaml", pod("loop", LOOP));
    agent.start();
    eventually("the pod is Running", () -> agent.pods().contains("\"phase\":\"Running\""));
    TestEngine.freeze();
    eventually("/healthz says so", () -> agent.health().contains("has not answered a list for"));
    assertThat(agent.terminate()).isLessThan(Duration.ofSeconds(2));
    TestEngine.thaw();
    assertThat(Docker.running("k8s_main_loop")).hasSize(1);
  }

  @Test
  void startsWithoutAnEngineAndRunsItsPodsOnceThereIsOne() throws IOException {
    TestEngine.stop();
    agent.write("loop.yaml", pod("loop", LOOP));
    agent.start();
    eventually("/healthz says so", () -> agent.health().contains("the container runtime is down"));
    assertThat(agent.log()).contains("apt-get install docker.io");
    TestEngine.start();
    eventually("the pod is Running", () -> agent.pods().contains("\"phase\":\"Running\""));
    eventually("the agent is healthy", agent::healthy);
    var version = Docker.run("version", "-f", "{{.Server.Version}}").getFirst();
    var machine = "http://127.0.0.1:" + agent.cadvisorPort + "/api/v2.1/attributes";
    eventually("its version is known", () -> agent.get(machine).body().contains(version));
  }
}
