package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.cluster.FaultyFront;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A node whose API server is away or in trouble. */
class CutOffRunTest extends ClusterRun {
  private static final Duration LEASE = Duration.ofSeconds(40);

  @Test
  void runsStaticPodsBeforeThereIsAnApiServerAndRegistersOnceThereIs() throws IOException {
    Cluster.stopApiServer();
    agent.write("web.yaml", pod("web", LOOP));
    join();
    eventually("the static pod runs", () -> Docker.running("k8s_main_web").size() == 1);
    var container = Docker.running("k8s_main_web");

    Cluster.startApiServer();

    Eventually.holds("the node is Ready", LEASE, ClusterRun::nodeIsReady, agent::log);
    eventually("its mirror is ready", () -> ready("web-test-node"));
    assertThat(Docker.running("k8s_main_web")).isEqualTo(container);
  }

  /** Everything that the node asks for fails twice and comes late once. */
  @Test
  void getsByWithAServerThatFailsAndTakesItsTime() throws IOException {
    try (var front = new FaultyFront()) {
      for (var request :
          List.of(
              "POST /api/v1/nodes",
              "GET /api/v1/nodes/test-node",
              "PATCH /api/v1/nodes/test-node/status",
              "PUT /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/test-node",
              "GET /api/v1/pods",
              "GET /api/v1/namespaces/default/secrets",
              "PATCH /api/v1/namespaces/default/pods/loop/status",
              "DELETE /api/v1/namespaces/default/pods/loop")) {
        front.next(what -> what.startsWith(request), 500, Map.of(), "");
        front.next(what -> what.startsWith(request), 429, Map.of("Retry-After", "1"), "");
        front.delayNext(what -> what.startsWith(request), Duration.ofSeconds(10));
      }
      join("--kubeconfig=" + front.kubeconfig(state));
      awaitNode();
      run("loop", LOOP);
      eventually("the pod is ready", () -> ready("loop"));
      var uid = get("loop", ".metadata.uid");
      kubectl("delete", "pod", "loop", "--grace-period=1", "--wait=false");
      eventually("the pod is gone", () -> kubectl("get", "pods", "-o", "name").isEmpty());
      assertThat(Traces.of(uid, agent.root)).isEmpty();
      assertThat(nodeIsReady()).isTrue();
    }
  }
}
