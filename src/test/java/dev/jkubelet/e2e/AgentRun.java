package dev.jkubelet.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A test of the agent as a process, on an engine without pods; it leaves none behind. */
abstract class AgentRun {
  static final String LOOP =
      "trap 'exit 0' TERM; i=0; while true; do echo line $i; i=$((i+1)); sleep 1; done";

  @TempDir(cleanup = CleanupMode.NEVER)
  Path state;

  Agent agent;

  @BeforeEach
  void startsOnAnEmptyEngine() throws IOException, GeneralSecurityException {
    agent = onAnEmptyEngine(state);
  }

  @AfterEach
  void endsItsPods() throws IOException {
    endPods(agent);
  }

  static Agent onAnEmptyEngine(Path state) throws IOException, GeneralSecurityException {
    Docker.all("k8s_").forEach(id -> Docker.run("rm", "-f", id));
    return new Agent(state);
  }

  /** Their folders, cgroups and mounts go with the pods, as on any node. */
  static void endPods(Agent agent) throws IOException {
    try (var ended = agent;
        var files = Files.list(agent.manifests)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
      if (!Docker.all("k8s_").isEmpty()) {
        ended.kill();
        ended.start();
        eventually(agent, "no container is left", () -> Docker.all("k8s_").isEmpty());
      }
    }
  }

  void eventually(String what, BooleanSupplier condition) {
    eventually(agent, what, condition);
  }

  static void eventually(Agent agent, String what, BooleanSupplier condition) {
    Eventually.holds(what, Duration.ofMinutes(2), condition, agent::log);
  }

  static String pod(String name, String command) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: busybox:1.36
            command: [sh, -c, "%s"]
            resources: {requests: {cpu: 10m, memory: 4Mi}, limits: {memory: 32Mi}}
        """
        .formatted(name, command);
  }
}
