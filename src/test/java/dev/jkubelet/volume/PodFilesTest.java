package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodFilesTest {
  private static final Container HTTPD = new ContainerBuilder().withName("httpd").build();

  @TempDir private Path root;
  private PodFiles files;

  @BeforeEach
  void open() throws IOException {
    var hosts = Files.writeString(root.resolve("hosts"), "127.0.0.1 localhost\n127.0.0.1 vm\n");
    files = new PodFiles(root, "vm", "cluster.local", hosts);
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

    var file = files.etcHosts(pod, HTTPD, List.of("172.28.0.6")).orElseThrow();

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

    var file = files.etcHosts(pod, HTTPD, List.of("10.0.0.1", "fd00::1")).orElseThrow();

    assertThat(Files.readString(file))
        .endsWith(
            "10.0.0.1\ta.sub.golden.svc.cluster.local\ta\nfd00::1\ta.sub.golden.svc.cluster.local\ta\n");
  }

  @Test
  void copiesTheHostsFileOfTheHostForItsNetwork() throws IOException {
    var pod = Pods.web().editSpec().withHostNetwork(true).endSpec().build();

    var file = files.etcHosts(pod, HTTPD, List.of("192.0.2.1")).orElseThrow();

    assertThat(Files.readString(file))
        .isEqualTo(
            "# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n127.0.0.1 vm\n");
  }

  @Test
  void writesNoHostsFileWithoutAnAddressNorOverAMountOfTheContainers() throws IOException {
    var mounting =
        new ContainerBuilder(HTTPD)
            .addNewVolumeMount()
            .withName("h")
            .withMountPath("/etc/hosts")
            .endVolumeMount()
            .build();

    assertThat(files.etcHosts(Pods.web().build(), HTTPD, List.of())).isEmpty();
    assertThat(files.etcHosts(Pods.web().build(), mounting, List.of("10.0.0.1"))).isEmpty();
  }

  @Test
  void rewritesTheHostsFileInPlaceAndOnlyWhenItDiffers() throws IOException {
    var pod = Pods.web().build();
    var file = files.etcHosts(pod, HTTPD, List.of("10.0.0.100")).orElseThrow();
    var inode = Files.getAttribute(file, "unix:ino");

    files.etcHosts(pod, HTTPD, List.of("10.0.0.1"));

    assertThat(Files.readString(file)).endsWith("\n10.0.0.1\tweb-golden-node\n");
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    var written = Files.getLastModifiedTime(file);
    files.etcHosts(pod, HTTPD, List.of("10.0.0.1"));
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
  }

  @Test
  void doesNotWriteThroughALinkInPlaceOfTheHostsFile() throws IOException {
    var precious = Files.writeString(root.resolve("precious"), "keep");
    var pod = Files.createDirectories(root.resolve("pods").resolve(Pods.UID));
    Files.createSymbolicLink(pod.resolve("etc-hosts"), precious);

    assertThatThrownBy(() -> files.etcHosts(Pods.web().build(), HTTPD, List.of("10.0.0.1")))
        .isInstanceOf(IOException.class);
    assertThat(precious).hasContent("keep");
  }

  @Test
  void makesATerminationLogForAnyoneToWriteAndReadsItsEnd() throws IOException {
    var log = files.terminationLog(Pods.web().build(), "httpd");

    assertThat(log.getParent())
        .isEqualTo(root.resolve("pods").resolve(Pods.UID).resolve("containers/httpd"));
    assertThat(log.getFileName().toString()).matches("[0-9a-f]{8}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-rw-rw-");
    assertThat(PodFiles.readTerminationMessage(log, 4096)).contains("");
    Files.writeString(log, "x".repeat(9000) + "bye");
    assertThat(PodFiles.readTerminationMessage(log, 5)).contains("xxbye");
    assertThat(PodFiles.readTerminationMessage(log, 4096).orElseThrow()).hasSize(4096);
    assertThat(PodFiles.readTerminationMessage(root.resolve("none"), 4096)).isEmpty();
  }

  @Test
  void keepsAFewTerminationLogsOfAContainerThatCrashesForever() throws IOException {
    var last = root;
    for (int run = 0; run < 30; run++) {
      last = files.terminationLog(Pods.web().build(), "httpd");
    }

    assertThat(last).exists();
    try (var logs = Files.list(last.getParent())) {
      assertThat(logs).hasSize(9);
    }
  }

  @Test
  void refusesAContainersNameThatIsAPath() {
    assertThatThrownBy(() -> files.terminationLog(Pods.web().build(), "../../../x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("spec.containers[].name");
  }

  @Test
  void callsASandboxOnTheHostsNetworkAsTheHost() {
    var pod = Pods.web().editSpec().withHostNetwork(true).withHostname("own").endSpec().build();

    assertThat(files.hostname(pod)).isEqualTo("vm");
    assertThat(files.hostname(Pods.web().build())).isEqualTo("web-golden-node");
  }
}
