package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerInspection;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodFilesTest {
  private static final Container HTTPD = new ContainerBuilder().withName("httpd").build();

  @TempDir private Path root;
  private PodFiles files;
  private volatile Instant now = Instant.parse("2026-11-23T13:06:09Z");

  @BeforeEach
  void open() throws IOException {
    var hosts = Files.writeString(root.resolve("hosts"), "127.0.0.1 localhost\n127.0.0.1 vm\n");
    files =
        new PodFiles(
            new PodFiles.Places(
                root, root.resolve("log/pods"), root.resolve("log/containers"), hosts),
            "vm",
            new PodDns(Optional.empty(), List.of(), "cluster.local", List.of()),
            new BlockingCalls(2),
            Duration.ofSeconds(20),
            new TestClock());
  }

  @Test
  void writesTheHostsFileOfTheKubelet() throws IOException {
    var pod =
        Pods.web()
            .editSpec()
            .addNewHostAlias()
            .withIp("10.1.2.3")
            .withHostnames("backend.example", "db.example")
            .endHostAlias()
            .endSpec()
            .build();

    var file = etcHosts(pod, List.of("172.28.0.6"));

    assertThat(file).isEqualTo(root.resolve("pods").resolve(Pods.UID).resolve("etc-hosts"));
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            fe00::0\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters
            172.28.0.6\tweb-golden-node

            # Entries added by HostAliases.
            10.1.2.3\tbackend.example\tdb.example
            """);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void namesThePodFullyInItsSubdomainForEachAddress() throws IOException {
    var pod = Pods.web().editSpec().withHostname("a").withSubdomain("sub").endSpec().build();

    var file = etcHosts(pod, List.of("10.0.0.1", "fd00::1"));

    assertThat(Files.readString(file))
        .endsWith(
            "10.0.0.1\ta.sub.golden.svc.cluster.local\ta\nfd00::1\ta.sub.golden.svc.cluster.local\ta\n");
  }

  @Test
  void copiesTheHostsFileOfTheHostForItsNetwork() throws IOException {
    var pod = Pods.web().editSpec().withHostNetwork(true).endSpec().build();

    var file = etcHosts(pod, List.of("192.0.2.1"));

    assertThat(Files.readString(file))
        .isEqualTo(
            "# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n127.0.0.1 vm\n");
  }

  @Test
  void writesAHostsFileThatAnAddressComesToLater() throws IOException {
    var pod = Pods.web().build();
    var file = etcHosts(pod, List.of());
    assertThat(Files.readString(file)).endsWith("\nfe00::2\tip6-allrouters\n");

    assertThat(etcHosts(pod, List.of("10.0.0.1"))).isEqualTo(file);

    assertThat(Files.readString(file)).endsWith("\n10.0.0.1\tweb-golden-node\n");
  }

  @Test
  void rewritesTheHostsFileInPlaceAndOnlyWhenItDiffers() throws IOException {
    var pod = Pods.web().build();
    var file = etcHosts(pod, List.of("10.0.0.100"));
    var inode = Files.getAttribute(file, "unix:ino");

    etcHosts(pod, List.of("10.0.0.1"));

    assertThat(Files.readString(file)).endsWith("\n10.0.0.1\tweb-golden-node\n");
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    var written = Files.getLastModifiedTime(file);
    etcHosts(pod, List.of("10.0.0.1"));
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
  }

  @Test
  void doesNotWriteThroughALinkInPlaceOfTheHostsFile() throws IOException {
    var precious = Files.writeString(root.resolve("precious"), "keep");
    var pod = Files.createDirectories(root.resolve("pods").resolve(Pods.UID));
    Files.createSymbolicLink(pod.resolve("etc-hosts"), precious);

    assertThatThrownBy(() -> etcHosts(Pods.web().build(), List.of("10.0.0.1")))
        .hasCauseInstanceOf(IOException.class);
    assertThat(precious).hasContent("keep");
  }

  @Test
  void makesATerminationLogForAnyoneToWrite() throws IOException {
    var log = terminationLog();

    assertThat(log.getParent())
        .isEqualTo(root.resolve("pods").resolve(Pods.UID).resolve("containers/httpd"));
    assertThat(log.getFileName().toString()).matches("[0-9a-f]{8}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-rw-rw-");
  }

  @Test
  void readsWhatARunLeftNotWhatOthersDid() throws IOException {
    assertThat(messageOfRunCreatedAt(now)).as("no folder yet").isEmpty();
    Files.writeString(terminationLog(), "first");
    var first = now.plusMillis(30);
    now = now.plusSeconds(1);
    var second = terminationLog();

    assertThat(messageOfRunCreatedAt(now)).as("nothing yet").isEmpty();
    Files.writeString(second, "x".repeat(9000) + "bye");
    assertThat(messageOfRunCreatedAt(now.plusMillis(40)).orElseThrow())
        .hasSize(4096)
        .endsWith("xbye");
    assertThat(messageOfRunCreatedAt(first)).contains("first");
    assertThat(messageOfRunCreatedAt(now.minusSeconds(60))).as("before any of ours").isEmpty();
  }

  @Test
  void keepsAFewTerminationLogsOfAContainerThatCrashesForever() throws IOException {
    var last = root;
    for (int run = 0; run < 30; run++) {
      now = now.plusSeconds(300);
      last = terminationLog();
    }

    assertThat(last).exists();
    try (var logs = Files.list(last.getParent())) {
      assertThat(logs).hasSize(9);
    }
  }

  @Test
  void givesRunsOfOneMomentAFileEach() throws IOException {
    assertThat(terminationLog()).isNotEqualTo(terminationLog());
  }

  @Test
  void refusesAContainersNameThatIsAPath() {
    var container = new ContainerBuilder().withName("../../../x").build();

    assertThatThrownBy(
            () -> files.terminationLog(Pods.web().build(), container).toCompletableFuture().join())
        .cause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spec.containers[].name");
  }

  @Test
  void makesAndRemovesTheFolderOfTheLogs() {
    var pod = Pods.web().build();

    var folder = files.prepare(pod).toCompletableFuture().join();
    assertThat(folder).isDirectory();
    files.removeLogs(PodKey.of(pod)).toCompletableFuture().join();
    assertThat(folder).doesNotExist();
  }

  @Test
  void callsASandboxOnTheHostsNetworkAsTheHost() {
    var pod = Pods.web().editSpec().withHostNetwork(true).withHostname("own").endSpec().build();

    assertThat(files.hostname(pod)).isEqualTo("vm");
    assertThat(files.hostname(Pods.web().build())).isEqualTo("web-golden-node");
  }

  private Path etcHosts(Pod pod, List<String> ips) {
    return files.etcHosts(pod, ips).toCompletableFuture().join();
  }

  private Path terminationLog() {
    return files.terminationLog(Pods.web().build(), HTTPD).toCompletableFuture().join();
  }

  private Optional<String> messageOfRunCreatedAt(Instant createdAt) {
    var summary =
        new ContainerSummary(
            "id",
            ContainerType.CONTAINER,
            PodKey.of(Pods.web().build()),
            "httpd",
            0,
            "sandbox",
            ContainerState.EXITED,
            createdAt);
    var inspection =
        new ContainerInspection(
            summary,
            "busybox",
            "docker://sha256:0",
            "sha256:0",
            0,
            1,
            false,
            "",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            new ContainerConfig.Resources(2, 0, 0, 0, 1000),
            Map.of());
    return files.terminationMessage(inspection).toCompletableFuture().join();
  }

  private final class TestClock extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
