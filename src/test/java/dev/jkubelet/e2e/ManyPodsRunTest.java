package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node with as many pods as a small one has. */
class ManyPodsRunTest extends AgentRun {
  private static final int PODS = 50;

  /** Less than the relist period: what is seen sooner came from the engine's events. */
  private static final Duration BEFORE_THE_RELIST = Duration.ofSeconds(8);

  @Test
  void runsFiftyPodsAndAKilledContainerAtOnceAgain() throws IOException {
    agent.start();
    for (int i = 0; i < PODS; i++) {
      agent.write("p" + i + ".yaml", pod("p" + i, "trap 'exit 0' TERM; sleep 3600 & wait"));
    }
    eventually("all run", () -> Docker.running("k8s_main_").size() == PODS);
    eventually(
        "all are Running",
        () -> agent.pods().split("\"phase\":\"Running\"", -1).length == PODS + 1);
    var victim = Docker.running("k8s_main_p7-").getFirst();
    Docker.run("kill", "-s", "KILL", victim);
    Eventually.holds(
        "its successor runs",
        BEFORE_THE_RELIST,
        () -> Docker.running("k8s_main_p7-").stream().anyMatch(id -> !id.equals(victim)),
        agent::log);
    assertThat(Docker.running("k8s_main_")).hasSize(PODS);
  }
}
