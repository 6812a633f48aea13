package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.jkubelet.cgroup.MachineLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What pods ask for is what they get, as they see it themselves and as the kernel has it. */
class WrittenPodsRunTest {
  private static final int TCP = Agent.freePort();
  private static final int UDP = Agent.freePort();

  @TempDir(cleanup = CleanupMode.NEVER)
  static Path state;

  private static Agent agent;
  private static HttpServer server;

  @BeforeAll
  static void runsThemAll() throws IOException, GeneralSecurityException {
    agent = AgentRun.onAnEmptyEngine(state);
    agent.write("inside.yaml", inside(state.resolve("made")));
    agent.write(
        "host.yaml",
        pod(
            "host",
            """
            hostNetwork: true
              hostPID: true
              hostIPC: true""",
            "for n in net pid ipc; do readlink /proc/self/ns/$n; done; echo end; sleep 3600"));
    agent.write(
        "crash.yaml",
        pod(
                "crash",
                "volumes: [{name: v, emptyDir: {}}]",
                "[ -f /v/once ] && exec sleep 3600; touch /v/once; echo last words; exit 7")
            + "    volumeMounts: [{name: v, mountPath: /v}]\n");
    agent.write("fails.yaml", pod("fails", "restartPolicy: Never", "exit 3"));
    agent.write(
        "succeeds.yaml",
        pod(
                "succeeds",
                "restartPolicy: OnFailure\n  volumes: [{name: v, emptyDir: {medium: Memory}}]",
                "exit 0")
            + "    volumeMounts: [{name: v, mountPath: /v}]\n");
    agent.write(
        "greedy.yaml",
        pod("greedy", "restartPolicy: Never", "exec tail /dev/zero")
            + "    resources: {limits: {memory: 16Mi}}\n");
    agent.write("changes.yaml", pod("changes", "hostname: a", "exec sleep 3600"));
    agent.write("absent.yaml", absent("absent", "Never"));
    agent.write("away.yaml", absent("away", "IfNotPresent"));
    agent.start(
        "--cluster-domain=cluster.local",
        "--manifest-url="
            + serve("{\"apiVersion\": \"v1\", \"kind\": \"PodList\", \"items\": [%s]}"),
        "--manifest-url-header=X-Key:secret");
  }

  /** Who shows no key gets nothing. */
  private static String serve(String list) throws IOException {
    var item =
        """
        {"metadata": {"name": "remote"}, "spec": {"terminationGracePeriodSeconds": 1, "containers": [
          {"name": "main", "image": "busybox:1.36", "command": ["sleep", "3600"]}]}}
        """;
    var body = list.formatted(item).getBytes(StandardCharsets.UTF_8);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var known = "secret".equals(exchange.getRequestHeaders().getFirst("X-Key"));
            exchange.sendResponseHeaders(known ? 200 : 403, known ? body.length : -1);
            if (known) {
              exchange.getResponseBody().write(body);
            }
          }
        });
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/pods";
  }

  @AfterAll
  static void endsThemAll() throws IOException {
    server.stop(0);
    AgentRun.endPods(agent);
  }

  @Test
  void commandsAndVariablesAreExpanded() {
    assertThat(inside()).startsWith("in /work: hello, $(GREETING), hello world\n");
  }

  @Test
  void initContainersRunOneAfterTheOther() {
    assertThat(inside()).contains("\none\ntwo\n");
  }

  @Test
  void thePodHasItsNamesAndResolvesAsItWants() {
    assertThat(inside())
        .contains("\nwithin\n")
        .containsPattern("\n[0-9.]+\twithin.house.default.svc.cluster.local\twithin\n")
        .contains("\n192.0.2.7\talias\n")
        .contains("\nnameserver 192.0.2.53\nsearch example.test\noptions ndots:2\n");
  }

  @Test
  void volumesAreThere() {
    assertThat(inside()).containsPattern("\ntmpfs /memory tmpfs rw,.*size=16384k");
    assertThat(state.resolve("made/file")).hasContent("from inside");
  }

  @Test
  void aSharedProcessNamespaceShowsTheSandbox() {
    assertThat(inside()).contains("\n/pause\n");
  }

  @Test
  void hostPortsLeadToThePod() {
    inside();
    eventually(
        "its web server answers",
        () -> agent.get("http://127.0.0.1:" + TCP + "/order").body().equals("one\ntwo\n"));
    var sandbox = Docker.running("k8s_POD_inside").getFirst();
    assertThat(Docker.run("port", sandbox, "53/udp")).containsExactly("127.0.0.1:" + UDP);
  }

  @Test
  void theKernelKnowsItsLimits() throws IOException {
    inside();
    var id = Docker.running("k8s_main_inside").getFirst();
    var pid = Docker.run("inspect", "-f", "{{.State.Pid}}", id).getFirst();
    var uid = agent.pod("inside").at("/metadata/uid").asText();
    var parent = "/kubepods/burstable/pod" + uid + "/" + id;
    assertThat(Path.of("/proc", pid, "cgroup")).content().contains(parent);
    var oomScore = MachineLimits.probe().canLowerOomScore() ? "-997" : "0";
    assertThat(Path.of("/proc", pid, "oom_score_adj")).hasContent(oomScore);
    assertThat(Kernel.memory(parent)).isEqualTo(String.valueOf(32 << 20));
    assertThat(Kernel.limit("cpu", parent, "cpu.shares", "cpu.weight")).isIn("51", "2");
  }

  @Test
  void aPodMayShareTheHostsNamespaces() throws IOException {
    var expected = new StringBuilder();
    for (var namespace : List.of("net", "pid", "ipc")) {
      var own = Files.readSymbolicLink(Path.of("/proc/self/ns", namespace));
      expected.append(own.getFileName()).append('\n');
    }
    eventually("it has looked", () -> log("host").endsWith("end\n"));
    assertThat(log("host")).isEqualTo(expected + "end\n");
    assertThat(agent.pod("host").at("/status/podIP").asText()).isEqualTo("127.0.0.1");
  }

  @Test
  void aContainerThatFailedLeavesItsLogAndItsEnd() {
    eventually(
        "it runs again",
        () -> agent.containerStatus("crash").at("/state/running/startedAt").isTextual());
    assertThat(agent.containerStatus("crash").path("restartCount").asInt()).isEqualTo(1);
    assertThat(agent.containerStatus("crash").at("/lastState/terminated/reason").asText())
        .isEqualTo("Error");
    assertThat(agent.containerStatus("crash").at("/lastState/terminated/exitCode").asInt())
        .isEqualTo(7);
    assertThat(agent.containerLog("crash", "main", "previous=true")).isEqualTo("last words\n");
  }

  @Test
  void podsEndAsTheirPolicySays() {
    eventually("one fails", () -> phase("fails").equals("Failed"));
    assertThat(agent.containerStatus("fails").at("/state/terminated/exitCode").asInt())
        .isEqualTo(3);
    eventually("one succeeds", () -> phase("succeeds").equals("Succeeded"));
    assertThat(agent.containerStatus("succeeds").at("/state/terminated/reason").asText())
        .isEqualTo("Completed");
    var uid = agent.pod("succeeds").at("/metadata/uid").asText();
    var folder = agent.root.resolve("pods").resolve(uid);
    eventually("its volume is gone", () -> !Files.exists(folder.resolve("volumes")));
    assertThat(folder.resolve("containers")).isDirectory();
  }

  @Test
  void aContainerThatTakesTooMuchIsToldOf() {
    eventually("it is killed", () -> phase("greedy").equals("Failed"));
    eventually(
        "the kernel is named",
        () ->
            agent
                .containerStatus("greedy")
                .at("/state/terminated/reason")
                .asText()
                .equals("OOMKilled"));
    assertThat(agent.containerStatus("greedy").at("/state/terminated/exitCode").asInt())
        .isEqualTo(137);
    var events =
        "http://127.0.0.1:%d/api/v1.3/events?oom_kill_events=true&subcontainers=true"
            .formatted(agent.cadvisorPort);
    var id = Docker.all("k8s_main_greedy").getFirst();
    eventually(
        "the event is there",
        () -> agent.get(events).body().matches(".*\"container_name\":\"/[^\"]*" + id + "\".*"));
  }

  @Test
  void anImageThatIsNotHereIsWaitedFor() {
    eventually("one is not to be pulled", () -> waiting("absent").equals("ErrImageNeverPull"));
    eventually("one can't be", () -> waiting("away").equals("ImagePullBackOff"));
  }

  @Test
  void theManifestUrlsPodsRunToo() {
    eventually("it runs", () -> phase("remote").equals("Running"));
    var annotations = agent.pod("remote").at("/metadata/annotations");
    assertThat(annotations.path("kubernetes.io/config.source").asText()).isEqualTo("http");
  }

  @Test
  void aChangedFileReplacesItsPod() throws IOException {
    eventually("it runs", () -> phase("changes").equals("Running"));
    var before = agent.pod("changes").at("/metadata/uid").asText();
    agent.write("changes.yaml", pod("changes", "hostname: b", "hostname; exec sleep 3600"));
    eventually("the other runs", () -> log("changes").equals("b\n"));
    assertThat(agent.pod("changes").at("/metadata/uid").asText()).isNotEqualTo(before);
    eventually("it alone is left", () -> Docker.all("changes-test-node").size() == 2);
  }

  /** All that the first pod's container has to say. */
  private static String inside() {
    eventually("it has looked around", () -> log("inside").endsWith("\nend\n"));
    return log("inside");
  }

  private static String log(String pod) {
    return agent.containerLog(pod, "main", "");
  }

  private static String phase(String pod) {
    return agent.pod(pod).at("/status/phase").asText();
  }

  private static String waiting(String pod) {
    return agent.containerStatus(pod).at("/state/waiting/reason").asText();
  }

  private static void eventually(String what, BooleanSupplier condition) {
    AgentRun.eventually(agent, what, condition);
  }

  /** One whose container tells what it sees. */
  private static String inside(Path folder) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: inside}
        spec:
          terminationGracePeriodSeconds: 1
          hostname: within
          subdomain: house
          shareProcessNamespace: true
          hostAliases: [{ip: 192.0.2.7, hostnames: [alias]}]
          dnsPolicy: None
          dnsConfig: {nameservers: [192.0.2.53], searches: [example.test], options: [{name: ndots, value: "2"}]}
          volumes:
          - {name: disk, emptyDir: {}}
          - {name: memory, emptyDir: {medium: Memory, sizeLimit: 16Mi}}
          - {name: host, hostPath: {path: %s, type: DirectoryOrCreate}}
          initContainers:
          - {name: one, image: "busybox:1.36", command: [sh, -c, "sleep 1; echo one >> /disk/order"], volumeMounts: [{name: disk, mountPath: /disk}]}
          - {name: two, image: "busybox:1.36", command: [sh, -c, "echo two >> /disk/order"], volumeMounts: [{name: disk, mountPath: /disk}]}
          containers:
          - name: main
            image: busybox:1.36
            imagePullPolicy: Never
            workingDir: /work
            env: [{name: GREETING, value: hello}, {name: FULL, value: $(GREETING) world}]
            command: [sh, -c]
            args:
            - |
              trap 'exit 0' TERM
              echo "in $PWD: $(GREETING), "'$$(GREETING), '"$FULL"
              cat /etc/hostname /disk/order /etc/hosts /etc/resolv.conf
              grep ' /memory ' /proc/mounts
              ps -o args | grep '^/pause'
              echo from inside > /host/file
              httpd -p 8080 -h /disk
              echo end
              while true; do sleep 0.1; done
            ports: [{containerPort: 8080, hostPort: %d, hostIP: 127.0.0.1}, {containerPort: 53, hostPort: %d, hostIP: 127.0.0.1, protocol: UDP}]
            resources: {requests: {cpu: 50m, memory: 8Mi}, limits: {memory: 32Mi}}
            volumeMounts: [{name: disk, mountPath: /disk}, {name: memory, mountPath: /memory}, {name: host, mountPath: /host}]
        """
        .formatted(folder, TCP, UDP);
  }

  /** One whose container's fields may be continued. */
  private static String pod(String name, String field, String command) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          terminationGracePeriodSeconds: 0
          %s
          containers:
          - name: main
            image: busybox:1.36
            command: [sh, -c, "%s"]
        """
        .formatted(name, field, command);
  }

  private static String absent(String name, String policy) {
    return pod(name, "restartPolicy: Always", "true")
        .replace("busybox:1.36", "nowhere.invalid/none:1\n    imagePullPolicy: " + policy);
  }
}
