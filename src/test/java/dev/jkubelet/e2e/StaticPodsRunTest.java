package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The agent as a user runs it: a process, a folder of manifests, a real Docker Engine. */
class StaticPodsRunTest extends AgentRun {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  @Test
  void runsAPodAndServesItOnTheFourPorts() throws IOException {
    agent.write("web.yaml", pod("web", LOOP));
    agent.start();
    eventually("healthz is ok", agent::healthy);
    eventually("the pod is Running", () -> agent.pods().contains("\"phase\":\"Running\""));
    assertThat(agent.pods())
        .contains("\"name\":\"web-test-node\"")
        .contains("\"qosClass\":\"Burstable\"");
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
  void runsAKilledContainerAgainAtOnceAndCountsIt() throws IOException {
    agent.write("loop.yaml", pod("loop", LOOP));
    agent.start();
    eventually("the container runs", () -> Docker.running("k8s_main_loop").size() == 1);
    var first = Docker.running("k8s_main_loop").getFirst();
    Docker.run("kill", "-s", "KILL", first);
    eventually(
        "another runs",
        () -> Docker.running("k8s_main_loop").stream().anyMatch(id -> !id.equals(first)));
    eventually("it is counted", () -> agent.pods().contains("\"restartCount\":1"));
    assertThat(agent.pods()).contains("\"exitCode\":137");
    assertThat(Docker.running("k8s_main_loop")).hasSize(1);
  }

  @Test
  void backsOffFromAContainerThatFailsAgainAndAgain() throws IOException {
    agent.write("crash.yaml", pod("crash", "exit 3"));
    agent.start();
    eventually("it backs off", () -> agent.pods().contains("CrashLoopBackOff"));
    assertThat(agent.pods())
        .contains("back-off 10s restarting failed container=main pod=crash-test-node_default(");
  }

  @Test
  void adoptsWhatRunsAfterItWasKilled() throws IOException {
    agent.write("keep.yaml", pod("keep", LOOP));
    agent.write("gone.yaml", pod("gone", LOOP));
    agent.write("lost.yaml", pod("lost", LOOP));
    agent.start();
    eventually("all run", () -> Docker.running("k8s_main_").size() == 3);
    var kept = Docker.running("k8s_main_keep");
    eventually("all are told of", () -> agent.pods().split("\"uid\":", -1).length == 4);
    var uids =
        Stream.of("gone", "lost")
            .map(name -> agent.pod(name).at("/metadata/uid").asText())
            .toList();
    agent.kill();
    Files.delete(agent.manifests.resolve("gone.yaml"));
    Files.delete(agent.manifests.resolve("lost.yaml"));
    Docker.all("lost-test-node").forEach(id -> Docker.run("rm", "-f", id));
    agent.start();
    eventually("the pod without a file ends", () -> Docker.all("gone-test-node").isEmpty());
    eventually("the other is Running", () -> agent.pods().contains("\"phase\":\"Running\""));
    assertThat(Docker.running("k8s_main_keep")).isEqualTo(kept);
    assertThat(agent.pods()).contains("\"restartCount\":0");
    eventually("nothing is left of the others", () -> uids.stream().allMatch(this::isGone));
  }

  /** Its folder, its logs' and its cgroups. */
  private boolean isGone(String uid) {
    return Stream.of(state.resolve("root/pods"), Path.of("/var/log/pods"), CGROUPS)
        .flatMap(StaticPodsRunTest::twoLevels)
        .noneMatch(file -> file.getFileName().toString().contains(uid));
  }

  private static Stream<Path> twoLevels(Path folder) {
    try (var files =
        Files.find(folder, folder.equals(CGROUPS) ? 4 : 1, (_, file) -> file.isDirectory())) {
      return files.toList().stream();
    } catch (IOException | UncheckedIOException changing) {
      return Stream.of(folder.resolve("still changing"));
    }
  }

  @Test
  void leavesContainersRunningWhenItIsToldToStop() throws IOException {
    agent.write("stay.yaml", pod("stay", LOOP));
    agent.start();
    eventually("its log is served", () -> agent.containerLog("stay", "main", "").contains("line"));
    var log =
        "https://127.0.0.1:%d/containerLogs/default/stay-test-node/main?follow=true"
            .formatted(agent.kubeletPort);
    try (var follower = agent.open(log)) {
      assertThat(follower.read()).isEqualTo('l');
      assertThat(agent.terminate()).isLessThan(Duration.ofSeconds(2));
    }
    assertThat(Docker.running("k8s_main_stay")).hasSize(1);
  }

  @Test
  void losesNothingButAFileThatDoesNotParse() throws IOException {
    agent.write("good.yaml", pod("good", LOOP));
    agent.write(
        "bad.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\nspec:\n  containers: 7\n");
    agent.start();
    eventually("the good one runs", () -> Docker.running("k8s_main_good").size() == 1);
    assertThat(agent.log()).contains("bad.yaml:5").contains("spec.containers");
    assertThat(Docker.all("bad")).isEmpty();
  }

  @Test
  void endsAPodWhoseFileIsRemovedAndLeavesNothing() throws IOException {
    agent.write("short.yaml", pod("short", LOOP));
    agent.start();
    eventually("it runs", () -> Docker.running("k8s_main_short").size() == 1);
    Files.delete(agent.manifests.resolve("short.yaml"));
    eventually("its containers are gone", () -> Docker.all("k8s_").isEmpty());
    eventually("its folder is gone", () -> state.resolve("root/pods").toFile().list().length == 0);
  }

  @Test
  void saysThatTheEngineMakesCgroupsOtherwise() throws IOException {
    agent.start("--cgroup-driver=systemd");
    eventually(
        "/healthz says so", () -> agent.health().contains("expected --cgroup-driver=cgroupfs"));
  }

  @Test
  void namesTheFlagWhosePortIsTaken() throws IOException {
    agent.start();
    eventually("healthz answers", () -> !agent.log().isEmpty() && agent.healthy());
    try (var second = new Agent(Files.createDirectories(state.resolve("second")))) {
      second.start("--port=" + agent.kubeletPort);
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.log())
          .contains("--port " + agent.kubeletPort + ": expected a free address");
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
