package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Probes, hooks and last words of containers on a real engine: one pod with one of each. */
class ProbesRunTest extends AgentRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: probed}
      spec:
        terminationGracePeriodSeconds: 20
        volumes: [{name: shared, emptyDir: {}}]
        containers:
        - name: web
          image: busybox:1.36
          command: [sh, -c, "trap 'exit 0' TERM; sleep 2; mkdir /w; echo ok >/w/ok; httpd -p 8080 -h /w; while true; do sleep 1; done"]
          ports: [{name: http, containerPort: 8080}]
          volumeMounts: [{name: shared, mountPath: /shared}]
          startupProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, failureThreshold: 60}
          readinessProbe: {httpGet: {path: /ok, port: http}, periodSeconds: 1}
          livenessProbe: {httpGet: {path: /ok, port: 8080}, periodSeconds: 1, failureThreshold: 1000}
          lifecycle:
            postStart: {exec: {command: [sh, -c, "echo begun >/shared/begun"]}}
            preStop: {exec: {command: [sh, -c, "echo over >/shared/over; sleep 4"]}}
        - name: mortal
          image: busybox:1.36
          command: [sh, -c, "touch /tmp/health; sleep 3; rm /tmp/health; sleep 600"]
          livenessProbe: {exec: {command: [cat, /tmp/health]}, periodSeconds: 1, failureThreshold: 2, terminationGracePeriodSeconds: 1}
        - name: slow
          image: busybox:1.36
          command: [sleep, "600"]
          livenessProbe: {exec: {command: [sleep, "4321"]}, periodSeconds: 1, failureThreshold: 1, terminationGracePeriodSeconds: 1}
        - name: words
          image: busybox:1.36
          command: [sh, -c, "echo my last words; exit 3"]
          terminationMessagePolicy: FallbackToLogsOnError
        - name: hooked
          image: busybox:1.36
          command: [sleep, "600"]
          lifecycle: {postStart: {exec: {command: [sh, -c, "echo no; exit 7"]}}}
      """;

  @Test
  void doesWithContainersWhatTheirProbesAndHooksSay() throws IOException {
    agent.write("probed.yaml", POD);
    agent.start();
    eventually("web has started and is ready", () -> status("web").path("ready").asBoolean());
    assertThat(status("web").path("started").asBoolean()).isTrue();
    assertThat(status("web").path("restartCount").asInt()).isZero();
    var uid = pod().path("metadata").path("uid").asText();
    assertThat(shared(uid, "begun")).isEqualTo("begun\n");
    eventually("its looks are counted", () -> metrics().contains("container=\"web\""));

    eventually(
        "mortal is made anew",
        () ->
            status("mortal").path("restartCount").asInt() > 0
                && last("mortal").path("exitCode").asInt() == 137);
    assertThat(agent.log())
        .contains("Liveness probe failed: cat: can't open '/tmp/health': No such file or directory")
        .contains("Container mortal failed liveness probe, will be restarted");

    eventually("slow is made anew", () -> status("slow").path("restartCount").asInt() > 0);
    assertThat(agent.log()).contains("Liveness probe failed: command \"sleep 4321\" timed out");
    eventually(
        "its probe's process is gone", () -> commands().noneMatch(line -> line.endsWith(" 4321")));

    eventually("words are told", () -> last("words").path("exitCode").asInt() == 3);
    assertThat(last("words").path("message").asText()).isEqualTo("my last words\n");

    eventually("hooked waits", () -> status("hooked").toString().contains("PostStartHookError"));
    assertThat(status("hooked").path("state").path("waiting").path("reason").asText())
        .isEqualTo("PostStartHookError: command 'sh -c echo no; exit 7' exited with 7: ");

    Files.delete(agent.manifests.resolve("probed.yaml"));
    eventually("the hook before the end runs", () -> "over\n".equals(shared(uid, "over")));
    assertThat(Docker.running("k8s_web_probed")).hasSize(1);
    eventually("nothing is left", () -> Docker.all("k8s_").isEmpty());
  }

  private String metrics() {
    return agent.get("http://127.0.0.1:" + agent.readOnlyPort + "/metrics/probes").body();
  }

  private JsonNode status(String container) {
    return items(pod().path("status").path("containerStatuses"))
        .filter(status -> status.path("name").asText().equals(container))
        .findFirst()
        .orElseGet(JSON::createObjectNode);
  }

  /** The end of the last instance that ended. */
  private JsonNode last(String container) {
    var status = status(container);
    var now = status.path("state").path("terminated");
    return now.isMissingNode() ? status.path("lastState").path("terminated") : now;
  }

  private JsonNode pod() {
    try {
      return JSON.readTree(agent.pods()).path("items").path(0);
    } catch (JsonProcessingException bad) {
      throw new UncheckedIOException(bad);
    }
  }

  /** What is in a file of the pod's volume, null if it is not there. */
  private String shared(String uid, String file) {
    var volume = agent.root.resolve("pods/" + uid + "/volumes/kubernetes.io~empty-dir/shared");
    try {
      return Files.readString(volume.resolve(file));
    } catch (IOException _) {
      return null;
    }
  }

  private static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** They begin with the executable's path, which is that of all busybox's commands. */
  private static Stream<String> commands() {
    return ProcessHandle.allProcesses().map(process -> process.info().commandLine().orElse(""));
  }
}
