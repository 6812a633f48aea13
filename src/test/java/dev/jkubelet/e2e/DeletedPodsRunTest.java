package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pods of the API server's that are deleted: when it has forgotten one, nothing of it is left. */
class DeletedPodsRunTest extends OneNodeRun {
  private static final String STUBBORN = "trap '' TERM; while true; do sleep 1; done";

  @Test
  void leaveNothingWhateverTheyWereAtWhenTheyWereDeleted() throws IOException {
    try (var registry = new MuteRegistry()) {
      Cluster.apply(deletable("graceful", "busybox:1.36", LOOP));
      Cluster.apply(deletable("forced", "busybox:1.36", STUBBORN));
      Cluster.apply(deletable("looping", "busybox:1.36", "exit 1"));
      eventually("the first runs", () -> ready("graceful"));
      eventually("the second runs", () -> ready("forced"));
      eventually("the third waits", () -> events("looping", "BackOff").startsWith("Back-off"));
      Cluster.apply(deletable("pulling", registry.image(), LOOP));
      eventually("the fourth pulls", registry::asked);
      var uids = uids("graceful", "forced", "looping", "pulling");

      kubectl("delete", "pod", "graceful", "looping", "pulling", "--wait=false");
      kubectl("delete", "pod", "forced", "--grace-period=0", "--force");

      eventually("no object is left", () -> kubectl("get", "pods", "-o", "name").isEmpty());
      for (var name : List.of("graceful", "looping", "pulling")) {
        assertThat(left(uids.get(name))).as(name).isEmpty();
      }
      eventually("nothing is left of what was forced", () -> left(uids.get("forced")).isEmpty());
      assertThat(events("graceful", "Killing")).startsWith("Stopping container main\n");
      assertThat(events("pulling", "Pulling")).startsWith("Pulling image \"127.0.0.1:");
    }
  }

  @Test
  void leaveNothingWhenTheyWereDeletedWhileTheAgentWasDown() throws IOException {
    Cluster.apply(deletable("graceful", "busybox:1.36", LOOP));
    Cluster.apply(deletable("forced", "busybox:1.36", STUBBORN));
    eventually("the first runs", () -> ready("graceful"));
    eventually("the second runs", () -> ready("forced"));
    var uids = uids("graceful", "forced");
    agent.kill();
    kubectl("delete", "pod", "graceful", "--wait=false");
    kubectl("delete", "pod", "forced", "--grace-period=0", "--force");
    assertThat(Docker.running("k8s_main_")).hasSize(2);

    join();

    eventually("no object is left", () -> kubectl("get", "pods", "-o", "name").isEmpty());
    assertThat(left(uids.get("graceful"))).isEmpty();
    eventually("nothing is left of what was forced", () -> left(uids.get("forced")).isEmpty());
  }

  private List<String> left(String uid) {
    return Traces.of(uid, agent.root);
  }

  private static Map<String, String> uids(String... pods) {
    return Arrays.stream(pods)
        .collect(Collectors.toMap(Function.identity(), pod -> get(pod, ".metadata.uid")));
  }

  /** With something mounted: a volume in memory, and the token of its service account. */
  private static String deletable(String name, String image, String command) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          terminationGracePeriodSeconds: 3
          volumes: [{name: memory, emptyDir: {medium: Memory}}]
          containers:
          - name: main
            image: "%s"
            command: [sh, -c, "%s"]
            volumeMounts: [{name: memory, mountPath: /memory}]
            resources: {limits: {cpu: 100m, memory: 32Mi}}
        """
        .formatted(name, image, command);
  }
}
