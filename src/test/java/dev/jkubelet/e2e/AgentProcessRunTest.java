package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.server.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the agent's process begins and ends, and what becomes of its pods then. */
class AgentProcessRunTest extends AgentRun {
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
    eventually(
        "nothing is left of the others",
        () -> uids.stream().allMatch(uid -> Traces.of(uid, agent.root).isEmpty()));
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
  void acceptsClientsOfTheAuthorityThatItsFileNamesLater() throws Exception {
    var file = state.resolve("clients.crt");
    var known = TestCertificates.authority("CN=known");
    var stranger = TestCertificates.authority("CN=stranger");
    Files.writeString(file, pem(known));
    agent.start("--client-ca-file=" + file, "--anonymous-auth=false");
    eventually("it serves", () -> !agent.log().isEmpty() && agent.healthy());
    var shown = TestCertificates.shown(TestCertificates.client(stranger, "CN=admin"));
    try (var client =
        HttpClient.newBuilder().sslContext(TestCertificates.clientContext(shown)).build()) {
      assertThat(pods(client).statusCode()).isEqualTo(401);
      assertThat(pods(client).body()).isEqualTo("Unauthorized");
      Files.writeString(file, pem(stranger));
      eventually("it is let in", () -> pods(client).statusCode() == 200);
    }
  }

  private HttpResponse<String> pods(HttpClient client) {
    var pods = URI.create("https://127.0.0.1:" + agent.kubeletPort + "/pods");
    return client
        .sendAsync(HttpRequest.newBuilder(pods).build(), HttpResponse.BodyHandlers.ofString())
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private static String pem(TestCertificates.Identity authority)
      throws CertificateEncodingException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(authority.certificate().getEncoded())
        + "\n-----END CERTIFICATE-----\n";
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
