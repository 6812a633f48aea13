package dev.jkubelet.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.jkubelet.cgroup.NodeBounds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
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

/** How far pods are let, as they see it themselves and as the kernel has it. */
class SecuredPodsRunTest {
  /** A pod of another UID would be another pod. */
  private static final String GROWING_UID = "5ec0ed00-0000-4000-8000-000000000001";

  private static final String NODES_DNS =
      "nameserver 192.0.2.1\nsearch house.test\noptions timeout:3\n";
  private static final String CLUSTER_DNS =
      """
      nameserver 10.0.0.10
      search default.svc.cluster.local svc.cluster.local cluster.local house.test
      options ndots:5
      """;

  /** One file a pod, as in a folder of manifests; {@code ${state}} is the test's own. */
  private static final Path PODS = Path.of("src/test/resources/dev/jkubelet/e2e/secured");

  @TempDir(cleanup = CleanupMode.NEVER)
  static Path state;

  private static Agent agent;

  @BeforeAll
  static void runsThemAll() throws IOException, GeneralSecurityException {
    agent = AgentRun.onAnEmptyEngine(state);
    var resolvConf = Files.writeString(state.resolve("resolv.conf"), NODES_DNS);
    layVolumes();
    try (var pods = Files.list(PODS)) {
      for (var pod : pods.toList()) {
        var text = Files.readString(pod).replace("${state}", state.toString());
        agent.write(pod.getFileName().toString(), text);
      }
    }
    agent.start(
        "--pod-max-pids=100",
        "--system-reserved=memory=100Mi",
        "--cluster-dns=10.0.0.10",
        "--cluster-domain=cluster.local",
        "--resolv-conf=" + resolvConf);
  }

  /** What the pods' hostPaths lead to. */
  private static void layVolumes() throws IOException {
    Files.createDirectories(state.resolve("shared/alice"));
    Files.writeString(state.resolve("shared/alice/file"), "of alice\n");
    Files.createSymbolicLink(state.resolve("shared/up"), Path.of(".."));
    Files.writeString(state.resolve("secret"), "of nobody in a pod");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(state.resolve("socket")));
    }
    var point = Files.createDirectories(state.resolve("point"));
    run("mount -t tmpfs none %1$s && mount --make-shared %1$s && mkdir %1$s/late", point);
  }

  /** By the agent that runs: another would have to start for it. */
  @AfterAll
  static void endsThemAll() throws IOException {
    try (var manifests = Files.list(agent.manifests)) {
      for (var manifest : manifests.toList()) {
        Files.delete(manifest);
      }
      eventually("no container is left", () -> Docker.all("k8s_").isEmpty());
    } finally {
      AgentRun.endPods(agent);
      run("umount -R %s", state.resolve("point"));
    }
  }

  @Test
  void processesAreOfTheUserAndGroupsAskedFor() {
    assertThat(seen("guarded", "main"))
        .startsWith("1234\n55\n")
        .containsPattern("\nGroups:\t(55 )?66 4711 ?\nNoNewPrivs:\t0\n");
  }

  @Test
  void volumesAreOfThePodsGroup() {
    assertThat(seen("guarded", "main")).endsWith("\n4711 2777\n1234:4711\nend\n");
  }

  @Test
  void processesHaveTheRightsAskedForAndNoMore() {
    assertThat(seen("guarded", "strict"))
        .isEqualTo(
            """
            CapEff:\t0000000000000400
            CapBnd:\t0000000000000400
            NoNewPrivs:\t1
            Seccomp:\t2
            touch: /here: Read-only file system
            end
            """);
    assertThat(seen("guarded", "plain"))
        .isEqualTo(
            """
            CapEff:\t00000000a80425fb
            CapBnd:\t00000000a80425fb
            NoNewPrivs:\t0
            Seccomp:\t0
            end
            """);
  }

  @Test
  void nobodyIsRootWhoMustNotBe() {
    assertThat(seen("rootless", "other")).isEqualTo("1000\nend\n");
    var whose =
        " (pod: \"rootless-test-node_default(%s)\", container: "
            .formatted(agent.pod("rootless").at("/metadata/uid").asText());
    refuses("rootless", "main", "container has runAsNonRoot and image will run as root" + whose);
    refuses("rootless", "zero", "container's runAsUser breaks non-root policy" + whose);
  }

  @Test
  void procIsMaskedUnlessItIsWantedWhole() {
    assertThat(seen("proc", "whole")).isEqualTo("end\n");
    assertThat(seen("proc", "masked")).contains("\ntmpfs /proc/").contains(" /proc/sys ");
  }

  @Test
  void aPodThatCantBeConfinedIsRefused() {
    for (var name : List.of("armored-by-name", "armored-by-default", "armored-by-field")) {
      if (!Files.exists(Path.of("/sys/module/apparmor"))) {
        eventually("it is refused", () -> phase(name).equals("Failed"));
        assertThat(agent.pod(name).at("/status/reason").asText()).isEqualTo("AppArmor");
        assertThat(agent.pod(name).at("/status/message").asText())
            .endsWith("Cannot enforce AppArmor: AppArmor is not enabled on the host");
        assertThat(Docker.all(name)).isEmpty();
      } else if (!name.equals("armored-by-name")) {
        eventually("it runs confined", () -> phase(name).equals("Running"));
      }
    }
    assertThat(Docker.running("k8s_main_armored-by-name")).as("no such profile").isEmpty();
  }

  private static String phase(String pod) {
    return agent.pod(pod).at("/status/phase").asText();
  }

  @Test
  void aContainerSeesThePartsOfAVolumeAskedFor() {
    assertThat(seen("paths", "main"))
        .isEqualTo("of alice\n".repeat(3) + "touch: /read/x: Read-only file system\nend\n");
    assertThat(state.resolve("shared/alice/deep/made")).hasContent("mine");
  }

  @Test
  void noLinkLeadsOutOfAVolume() {
    refuses(
        "paths",
        "escapes",
        "failed to prepare subPath for volumeMount \"shared\" of container \"escapes\"");
  }

  @Test
  void filesOfTheHostAreOfTheKindAskedFor() {
    assertThat(seen("devices", "main")).isEqualTo("both\nend\n");
    eventually(
        "the other is not mounted",
        () -> agent.log().contains("hostPath type check failed: /dev/null is not a socket file"));
    assertThat(Docker.all("mistaken")).isEmpty();
  }

  @Test
  void aMountOfTheHostsReachesWhoAskedForIt() throws IOException {
    seen("propagated", "alone");
    eventually("both run", () -> Docker.running("k8s_main_propagated").size() == 1);
    var late = state.resolve("point/late");
    run("mount -t tmpfs none %1$s && touch %1$s/seen", late);
    assertThat(seen("propagated", "main")).isEqualTo("end\n");
    var alone = Docker.running("k8s_alone_propagated").getFirst();
    assertThat(Docker.run("exec", alone, "ls", "/m")).containsExactly("late");
    assertThat(Docker.run("exec", alone, "ls", "/m/late")).isEmpty();
  }

  @Test
  void aPodMayUseWhatItsContainersMay() throws IOException {
    seen("limited", "main");
    var cgroup = "/kubepods/pod" + agent.pod("limited").at("/metadata/uid").asText();
    assertThat(Kernel.cpuQuota(cgroup)).isEqualTo("20000");
    assertThat(Kernel.memory(cgroup)).isEqualTo(String.valueOf(32 << 20));
    assertThat(Kernel.pids(cgroup)).isEqualTo("100");
  }

  @Test
  void allPodsTogetherMayUseWhatIsNotReserved() throws IOException {
    seen("limited", "main");
    var left = NodeBounds.ofMachine(Path.of("/proc")).memoryBytes() - (100 << 20);
    assertThat(Kernel.memory("/kubepods")).isEqualTo(String.valueOf(left));
  }

  @Test
  void aPodGrowsWhileItRuns() throws IOException {
    seen("grows", "main");
    var id = Docker.running("k8s_main_grows").getFirst();
    var pod = "/kubepods/pod" + GROWING_UID;
    assertThat(Kernel.memory(pod + "/" + id)).isEqualTo(String.valueOf(16 << 20));
    var manifest = agent.manifests.resolve("grows.yaml");
    agent.write(
        "grows.yaml", Files.readString(manifest).replace("100m", "200m").replace("16Mi", "24Mi"));
    eventually("it has more", () -> has("20000", 24 << 20, pod + "/" + id));
    assertThat(Kernel.cpuQuota(pod)).isEqualTo("20000");
    assertThat(Kernel.memory(pod)).isEqualTo(String.valueOf(24 << 20));
    assertThat(Docker.all("k8s_main_grows")).containsExactly(id);
  }

  @Test
  void podsAskTheServersOfTheirPolicy() {
    assertThat(seen("near", "main"))
        .isEqualTo("near.house.default.svc.cluster.local\n" + CLUSTER_DNS + "end\n");
    assertThat(seen("nodes", "main")).isEqualTo("nodes-test-node\n" + NODES_DNS + "end\n");
    assertThat(seen("wide", "main")).endsWith("\n" + CLUSTER_DNS + "end\n");
    assertThat(seen("open", "main")).endsWith("\n" + NODES_DNS + "end\n");
  }

  private static boolean has(String cpuQuota, long memory, String cgroup) {
    try {
      return Kernel.cpuQuota(cgroup).equals(cpuQuota)
          && Kernel.memory(cgroup).equals(String.valueOf(memory));
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Nothing of the container has run. */
  private static void refuses(String pod, String container, String message) {
    eventually(
        container + " waits",
        () -> waiting(pod, container).path("reason").asText().equals("CreateContainerConfigError"));
    assertThat(waiting(pod, container).path("message").asText()).startsWith(message);
    assertThat(Docker.all("k8s_" + container + "_" + pod)).isEmpty();
  }

  private static JsonNode waiting(String pod, String container) {
    return agent
        .pod(pod)
        .at("/status/containerStatuses")
        .valueStream()
        .filter(status -> status.path("name").asText().equals(container))
        .map(status -> status.at("/state/waiting"))
        .findFirst()
        .orElseGet(MissingNode::getInstance);
  }

  /** All that the container has to say. */
  private static String seen(String pod, String container) {
    eventually(
        pod + " has looked around", () -> agent.containerLog(pod, container, "").endsWith("end\n"));
    return agent.containerLog(pod, container, "");
  }

  private static void eventually(String what, BooleanSupplier condition) {
    AgentRun.eventually(agent, what, condition);
  }

  private static void run(String command, Path path) throws IOException {
    var process =
        new ProcessBuilder("sh", "-c", command.formatted(path)).redirectErrorStream(true).start();
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
  }
}
