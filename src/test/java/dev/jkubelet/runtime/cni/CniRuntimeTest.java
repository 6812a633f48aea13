package dev.jkubelet.runtime.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeRuntime;
import dev.jkubelet.runtime.SandboxConfig;
import dev.jkubelet.stats.MovingClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine is a fake one, and plugins are scripts that write down what they are told. */
class CniRuntimeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOT_READY =
      "runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady"
          + " message:docker: network plugin is not ready: cni config uninitialized";
  private static final Duration GRACE = Duration.ofSeconds(2);

  @TempDir private Path root;
  private final FakeRuntime engine = new FakeRuntime(new MovingClock("2026-11-23T13:00:00Z"));
  private CniRuntime runtime;

  @BeforeEach
  void open() throws IOException {
    for (var folder : List.of("conf", "bin", "calls")) {
      Files.createDirectories(root.resolve(folder));
    }
    plugin("loopback", "{}");
    plugin("bridge", answer("10.1.0.5/16"));
    plugin("portmap", answer("10.1.0.5/16"));
    Files.writeString(root.resolve("conf/20-later.conf"), "{\"name\": \"no\", \"type\": \"no\"}");
    Files.writeString(root.resolve("conf/00-broken.conf"), "{");
    Files.writeString(
        root.resolve("conf/10-net.conflist"),
        """
        {"cniVersion": "0.4.0", "name": "net", "plugins": [
          {"type": "bridge", "ipam": {"type": "host-local"}},
          {"type": "portmap", "capabilities": {"portMappings": true}}]}
        """);
    engine.image("pause:1", FakeBehaviour.runs());
    runtime = agent();
  }

  /** One that knows nothing but what is on disk. */
  private CniRuntime agent() {
    return new CniRuntime(engine, options(), new BlockingCalls(8));
  }

  private CniOptions options() {
    return new CniOptions(
        root.resolve("conf"),
        List.of(root.resolve("nowhere"), root.resolve("bin")),
        root.resolve("cache"),
        Duration.ofSeconds(20));
  }

  @Test
  void connectsASandboxByEachPluginOfTheFirstNetworkThatIsOne() throws IOException {
    var id = get(runtime.runSandbox(sandbox(false)));

    assertThat(get(runtime.inspect(id)).ips()).containsExactly("10.1.0.5");
    assertThat(calls()).containsExactly("loopback ADD lo", "bridge ADD eth0", "portmap ADD eth0");
    var bridge = told(1);
    assertThat(bridge.path("name").asText()).isEqualTo("net");
    assertThat(bridge.path("cniVersion").asText()).isEqualTo("0.4.0");
    assertThat(bridge.path("ipam").path("type").asText()).isEqualTo("host-local");
    assertThat(bridge.has("prevResult")).isFalse();
    assertThat(bridge.has("runtimeConfig")).isFalse();
    var portmap = told(2);
    assertThat(portmap.path("prevResult").path("ips").path(0).path("address").asText())
        .isEqualTo("10.1.0.5/16");
    assertThat(portmap.path("runtimeConfig").toString())
        .isEqualTo(
            "{\"portMappings\":[{\"hostPort\":8080,\"containerPort\":80,\"protocol\":\"tcp\","
                + "\"hostIP\":\"\"}]}");
    assertThat(Files.readString(root.resolve("calls/1.env")))
        .contains("CNI_CONTAINERID=" + id + "\n")
        .contains("K8S_POD_NAMESPACE=golden;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=" + id);
  }

  @Test
  void disconnectsItInReverseOrderBeforeItIsStoppedAndOnlyOnce() throws IOException {
    var id = get(runtime.runSandbox(sandbox(false)));
    var later = agent();
    get(later.stop(id, GRACE));
    get(later.remove(id));

    assertThat(calls()).endsWith("portmap DEL eth0", "bridge DEL eth0").hasSize(5);
    assertThat(told(4).path("prevResult").path("ips").path(0).path("address").asText())
        .isEqualTo("10.1.0.5/16");
    assertThat(get(engine.list())).isEmpty();
    assertThat(root.resolve("cache/results")).isEmptyDirectory();
  }

  @Test
  void leavesNoSandboxWithoutANetworkAndNoAddressTaken() throws IOException {
    plugin("portmap", "{\"code\": 7, \"msg\": \"no luck\", \"details\": \"at all\"}", 1);

    assertThatThrownBy(() -> get(runtime.runSandbox(sandbox(false))))
        .hasCauseInstanceOf(EngineException.Refused.class)
        .hasMessageContaining(
            "networkPlugin cni failed to set up pod \"web_golden\" network: no luck: at all");
    assertThat(get(engine.list())).isEmpty();
    assertThat(calls()).contains("bridge ADD eth0", "portmap DEL eth0");
  }

  @Test
  void saysThatThereIsNoNetworkAsLongAsThereIsNone() throws IOException {
    Files.delete(root.resolve("conf/10-net.conflist"));
    Files.delete(root.resolve("conf/20-later.conf"));

    assertThatThrownBy(() -> get(runtime.runSandbox(sandbox(false))))
        .hasCauseInstanceOf(EngineException.NetworkNotReady.class)
        .hasMessageContaining(NOT_READY + ": no valid networks found in ");
    assertThat(engine.made()).isEmpty();
    assertThat(options().problem()).contains(NOT_READY);
    plugin("no", answer("10.9.9.9/24"));
    Files.writeString(root.resolve("conf/20-later.conf"), "{\"name\": \"no\", \"type\": \"no\"}");
    var id = get(runtime.runSandbox(sandbox(false)));
    assertThat(get(runtime.inspect(id)).ips()).containsExactly("10.9.9.9");
    assertThat(options().problem()).isEmpty();
  }

  @Test
  void leavesPodsOnTheHostsNetworkAlone() throws IOException {
    var id = get(runtime.runSandbox(sandbox(true)));
    get(runtime.remove(id));

    assertThat(calls()).isEmpty();
  }

  @Test
  void namesIpv4First() throws IOException {
    plugin(
        "portmap",
        "{\"cniVersion\": \"0.4.0\", \"ips\": [{\"address\": \"fd00::5/64\"}, {\"address\":"
            + " \"10.1.0.5/16\"}]}");
    var id = get(runtime.runSandbox(sandbox(false)));

    assertThat(get(runtime.inspect(id)).ips()).containsExactly("10.1.0.5", "fd00::5");
  }

  @Test
  void disconnectsWhatIsGoneButNobodyElses() throws IOException {
    get(runtime.list());
    var gone = get(runtime.runSandbox(sandbox(false)));
    get(engine.remove(gone));
    var others = root.resolve("cache/results/theirs-abc-eth0");
    Files.writeString(others, "{\"kind\": \"cniCacheV1\", \"containerId\": \"abc\"}");

    get(runtime.list());

    awaitDisconnected();
    assertThat(calls()).endsWith("portmap DEL eth0", "bridge DEL eth0").hasSize(5);
    assertThat(others).exists();
  }

  @Test
  void triesAgainToTakeBackWhatWasHalfDone() throws IOException {
    plugin("portmap", "{\"code\": 7, \"msg\": \"no luck\"}", 1);
    plugin("bridge", answer("10.1.0.5/16"), 0, "DEL");
    assertThatThrownBy(() -> get(runtime.runSandbox(sandbox(false))))
        .hasMessageContaining("no luck");
    assertThat(root.resolve("cache/results")).isNotEmptyDirectory();

    plugin("bridge", answer("10.1.0.5/16"));
    get(agent().list());

    awaitDisconnected();
    assertThat(calls()).endsWith("portmap DEL eth0", "bridge DEL eth0").hasSize(7);
  }

  @Test
  void checksWhatItFindsConnectedAndLeavesItAsItIs() throws IOException {
    var id = get(runtime.runSandbox(sandbox(false)));
    plugin("bridge", "{\"code\": 11, \"msg\": \"no address\"}", 1);

    get(agent().list());

    awaitCalls(4);
    assertThat(calls()).endsWith("bridge CHECK eth0");
    assertThat(told(3).path("prevResult").path("ips").path(0).path("address").asText())
        .isEqualTo("10.1.0.5/16");
    assertThat(get(runtime.inspect(id)).state()).isEqualTo(ContainerState.RUNNING);
    assertThat(get(runtime.inspect(id)).ips()).containsExactly("10.1.0.5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"cniVersion\": \"0.3.1\", \"name\": \"net\", \"type\": \"bridge\"}",
        "{\"cniVersion\": \"1.0.0\", \"name\": \"net\", \"disableCheck\": true, \"type\": \"bridge\"}"
      })
  void checksNothingThatIsNotToBe(String network) {
    assertThat(NetworkList.parse(network).checkable()).isFalse();
  }

  private void awaitCalls(int count) throws IOException {
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (calls().size() < count || Files.exists(root.resolve("calls/lock"))) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private void awaitDisconnected() throws IOException {
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!notes().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private List<Path> notes() throws IOException {
    try (var files = Files.list(root.resolve("cache/results"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("net-")).toList();
    }
  }

  private static String answer(String address) {
    return "{\"cniVersion\": \"0.4.0\", \"ips\": [{\"address\": \"" + address + "\"}]}";
  }

  private void plugin(String type, String answer) throws IOException {
    plugin(type, answer, 0);
  }

  /** Fails with that code when it is to add something. */
  private void plugin(String type, String answer, int code) throws IOException {
    plugin(type, answer, code, "nothing");
  }

  private void plugin(String type, String answer, int code, String broken) throws IOException {
    var file = root.resolve("bin").resolve(type);
    Files.writeString(
        file,
        """
        #!/bin/sh
        cd %s/calls
        n=$(ls | grep -c 'call$')
        cat >$n.json
        env >$n.env
        echo "%s $CNI_COMMAND $CNI_IFNAME" >$n.call
        [ $CNI_COMMAND = %s ] && exit 1
        [ $CNI_COMMAND = DEL ] && exit 0
        echo '%s'
        exit %d
        """
            .formatted(root, type, broken, answer, code));
    file.toFile().setExecutable(true);
  }

  private List<String> calls() throws IOException {
    var calls = new ArrayList<String>();
    for (int n = 0; Files.exists(root.resolve("calls/" + n + ".call")); n++) {
      calls.add(Files.readString(root.resolve("calls/" + n + ".call")).strip());
    }
    return calls;
  }

  private JsonNode told(int call) throws IOException {
    return JSON.readTree(Files.readAllBytes(root.resolve("calls/" + call + ".json")));
  }

  private static SandboxConfig sandbox(boolean hostNetwork) {
    return new SandboxConfig(
        new PodKey("golden", "web", "uid-web"),
        0,
        "pause:1",
        "web",
        "",
        new SandboxConfig.Namespaces(hostNetwork, false, false, false),
        new SandboxConfig.Dns(List.of(), List.of(), List.of()),
        List.of(new SandboxConfig.PortMapping("tcp", 80, 8080, "")),
        Map.of(),
        0,
        Map.of(),
        new SandboxConfig.LogLimits(0, 0));
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
