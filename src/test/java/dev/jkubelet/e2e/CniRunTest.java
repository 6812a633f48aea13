package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node whose pods are connected by CNI's own plugins, not by the engine. */
class CniRunTest extends ClusterRun {
  private static final String RESTARTS = ".status.containerStatuses[0].restartCount";

  private final int hostPort = Agent.freePort();
  private BridgeNetwork network;

  @BeforeEach
  void hasPlugins() throws IOException {
    network = new BridgeNetwork(state.resolve("cni"));
  }

  @AfterEach
  void leavesNoNetwork() {
    network.close();
  }

  @Test
  void connectsPodsByPluginsAndLeavesNothingOfThem() throws IOException {
    network.breakConfiguration();
    joinWithCni();
    eventually(
        "the node is not ready",
        () ->
            node(".status.conditions[?(@.type==\"Ready\")].message")
                .contains(
                    "runtime network not ready: NetworkReady=false"
                        + " reason:NetworkPluginNotReady message:docker: network plugin is not"
                        + " ready: cni config uninitialized"));
    Cluster.apply(sleeper("host", true));
    Cluster.apply(sleeper("client", false));
    Cluster.apply(server());
    eventually("the host's network needs no plugin", () -> ready("host"));
    eventually("it is said why another waits", () -> waits("client"));
    assertThat(network.calls()).isEmpty();

    network.configure();

    awaitNode();
    eventually("both are connected", () -> ready("server") && ready("client"));
    assertThat(addresses("host")).isEqualTo("172.31.0.1");
    assertThat(addresses("server")).matches("10\\.87\\.0\\.\\d+ fd00:87::[0-9a-f]+");
    reachesTheServer();
    wasToldInTurn(sandbox("server"));

    getsAnotherSandbox();
    freesWhatOthersRemove();
    outlivesTheAgent();

    kubectl("delete", "pods", "--all", "--grace-period=1");
    eventually("nothing is left", () -> network.traces().isEmpty());
    assertThat(Docker.all("k8s_")).isEmpty();
  }

  private void joinWithCni() throws IOException {
    var flags = new ArrayList<>(List.of(network.flags()));
    flags.add("--node-status-update-frequency=1s");
    flags.add("--sync-frequency=1s");
    join(flags.toArray(String[]::new));
    // Before kubectl is asked again and again: two processors have enough to do with its start.
    eventually("the agent is up", agent::healthy);
  }

  /** By pods, from the host by its port, and through the agent. */
  private void reachesTheServer() throws IOException {
    for (var address : addresses("server").split(" ", -1)) {
      var host = address.contains(":") ? "[" + address + "]" : address;
      assertThat(kubectl("exec", "client", "--", "wget", "-qO-", "http://" + host + ":8080"))
          .isEqualTo("server\n");
    }
    for (var host : List.of("127.0.0.1", "172.31.0.1")) {
      assertThat(agent.get("http://%s:%d/".formatted(host, hostPort)).body()).isEqualTo("server\n");
    }
    var local = Agent.freePort();
    var forward = Cluster.kubectlProcess("port-forward", "server", local + ":8080").start();
    eventually(
        "it is reached by port-forward",
        () -> agent.get("http://127.0.0.1:" + local).body().equals("server\n"));
    forward.destroy();
  }

  /** Each plugin hears what those before it came to, and portmap of the port. */
  private void wasToldInTurn(String sandbox) {
    var added = calls(sandbox, "ADD");
    assertThat(added.stream().map(BridgeNetwork.Call::plugin))
        .containsExactly("loopback", "bridge", "portmap", "firewall");
    assertThat(added.get(1).configuration()).doesNotContain("prevResult");
    assertThat(added.get(2).configuration())
        .contains(
            "\"prevResult\":{", "\"address\":\"" + addresses("server").split(" ", -1)[0] + "/24\"")
        .contains("\"hostPort\":" + hostPort);
    assertThat(added.get(3).configuration()).contains("\"prevResult\":{");
  }

  private void getsAnotherSandbox() throws IOException {
    var first = sandbox("server");
    Docker.run("kill", first);
    eventually("there is another", () -> !List.of(first, "").contains(sandbox("server")));
    eventually("its container runs again", () -> get("server", RESTARTS).equals("1"));
    eventually("it is ready", () -> ready("server"));
    reachesTheServer();
    assertThat(network.traces(first)).isEmpty();
    var deleted = calls(first, "DEL");
    assertThat(deleted.stream().map(BridgeNetwork.Call::plugin))
        .containsExactly("firewall", "portmap", "bridge");
    assertThat(deleted).allMatch(call -> call.configuration().contains("\"prevResult\":{"));
  }

  private void freesWhatOthersRemove() {
    var first = sandbox("client");
    Docker.run("rm", "-f", first);
    eventually("nothing is left of it", () -> network.traces(first).isEmpty());
    eventually("there is another", () -> !List.of(first, "").contains(sandbox("client")));
  }

  /** It dies in the middle of connecting a pod, when that has an address, and another pod goes. */
  private void outlivesTheAgent() throws IOException {
    var server = sandbox("server");
    var client = sandbox("client");
    var address = addresses("server");
    network.stick("portmap");
    Cluster.apply(sleeper("late", false));
    eventually("it has an address", () -> !calls(sandbox("late"), "ADD", "portmap").isEmpty());
    var late = sandbox("late");
    agent.kill();
    network.unstick("portmap");
    Docker.run("rm", "-f", client);
    kubectl("delete", "pod", "client", "--grace-period=0", "--force");

    joinWithCni();

    eventually("what was begun is done", () -> ready("late"));
    assertThat(sandbox("late")).isNotEqualTo(late);
    for (var gone : List.of(late, client)) {
      eventually("what is gone is freed", () -> network.traces(gone).isEmpty());
    }
    eventually("what is there is checked", () -> !calls(server, "CHECK").isEmpty());
    assertThat(calls(server, "CHECK").getFirst().configuration()).contains("\"prevResult\":{");
    assertThat(sandbox("server")).isEqualTo(server);
    assertThat(addresses("server")).isEqualTo(address);
  }

  private static boolean waits(String pod) {
    return events(pod, "NetworkNotReady")
        .contains(
            "network is not ready: runtime network not ready: NetworkReady=false"
                + " reason:NetworkPluginNotReady message:docker: network plugin is not ready:"
                + " cni config uninitialized");
  }

  private String server() {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: server}
        spec:
          nodeName: test-node
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: busybox:1.36
            command: [sh, -c, "hostname >index.html; exec httpd -f -p 8080"]
            ports: [{containerPort: 8080, hostPort: %d}]
            readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
        """
        .formatted(hostPort);
  }

  private static String sleeper(String name, boolean hostNetwork) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          nodeName: test-node
          hostNetwork: %b
          terminationGracePeriodSeconds: 1
          containers: [{name: main, image: "busybox:1.36", command: [sleep, "3600"]}]
        """
        .formatted(name, hostNetwork);
  }

  private static String addresses(String pod) {
    return get(pod, ".status.podIPs[*].ip");
  }

  /** Of the pod's sandbox that runs; empty when none does. */
  private static String sandbox(String pod) {
    return String.join(" ", Docker.running("k8s_POD_" + pod + "_"));
  }

  private List<BridgeNetwork.Call> calls(String sandbox, String command) {
    return network.calls().stream()
        .filter(call -> call.container().equals(sandbox) && call.command().equals(command))
        .toList();
  }

  private List<BridgeNetwork.Call> calls(String sandbox, String command, String plugin) {
    return calls(sandbox, command).stream().filter(call -> call.plugin().equals(plugin)).toList();
  }
}
