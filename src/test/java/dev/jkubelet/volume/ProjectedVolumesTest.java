package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.BlockingCalls;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceFieldSelector;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectedVolumesTest {
  @TempDir private Path root;
  private final FakeObjects objects = new FakeObjects();
  private PodVolumes volumes;

  @BeforeEach
  void open() {
    volumes =
        new PodVolumes(
            root,
            objects,
            Pods.ALLOCATABLE,
            new BlockingCalls(4),
            Duration.ofSeconds(20),
            VolumeListener.NONE);
  }

  @AfterEach
  void unmountLeftovers() throws IOException {
    for (var point : MountTable.read().below(root.toRealPath())) {
      Syscalls.detach(point);
    }
  }

  @Test
  void givesAFileToEachKeyOfAConfigMap() throws IOException {
    objects.configMap("settings", Map.of("a.conf", "one", "b.conf", "two"));
    var dir = setUp(configMap("settings"));
    assertThat(dir.toString()).endsWith("volumes/kubernetes.io~configmap/v");
    assertThat(dir.resolve("a.conf")).hasContent("one");
    assertThat(dir.resolve("b.conf")).hasContent("two");
    assertThat(Files.readSymbolicLink(dir.resolve("a.conf"))).hasToString("..data/a.conf");
  }

  @Test
  void keepsASecretInMemory() throws IOException {
    objects.secret("token", "token", "xyz");
    var dir = setUp(secret("token"));
    assertThat(dir.toString()).endsWith("volumes/kubernetes.io~secret/v");
    assertThat(dir.resolve("token")).hasContent("xyz");
    assertThat(MountTable.read().isMounted(dir.toRealPath(), "tmpfs")).isTrue();
  }

  @Test
  void showsAChangedObjectWhenItIsSetUpAgain() throws IOException {
    objects.configMap("settings", Map.of("a", "one", "gone", "x"));
    setUp(configMap("settings"));
    objects.configMap("settings", Map.of("a", "two"));
    var dir = setUp(configMap("settings"));
    assertThat(dir.resolve("a")).hasContent("two");
    assertThat(dir.resolve("gone")).doesNotExist();
  }

  @Test
  void waitsForAnObjectThatDoesNotExistUnlessItIsOptional() throws IOException {
    assertThatThrownBy(() -> setUp(configMap("settings")))
        .hasRootCauseMessage("configmap \"settings\" not found");
    assertThatThrownBy(() -> setUp(secret("token")))
        .hasRootCauseMessage("secret \"token\" not found");
    var optional =
        new VolumeBuilder()
            .withName("v")
            .withNewConfigMap()
            .withName("settings")
            .withOptional(true)
            .endConfigMap()
            .build();
    assertThat(setUp(optional)).isDirectory();
  }

  @Test
  void givesOnlyTheItemsAskedForByTheirPathsAndModes() throws IOException {
    objects.configMap("settings", Map.of("a", "one", "b", "two"));
    var items =
        new VolumeBuilder()
            .withName("v")
            .withNewConfigMap()
            .withName("settings")
            .addNewItem("a", 0400, "deep/in/a.conf")
            .endConfigMap()
            .build();
    var dir = setUp(items);
    assertThat(dir.resolve("deep/in/a.conf")).hasContent("one");
    assertThat(Files.getAttribute(dir.resolve("deep/in/a.conf"), "unix:mode")).isEqualTo(0100400);
    assertThat(dir.resolve("b")).doesNotExist();
  }

  @Test
  void namesTheKeyThatAnObjectLacks() {
    objects.secret("token", "token", "xyz");
    var items =
        new VolumeBuilder()
            .withName("v")
            .withNewSecret()
            .withSecretName("token")
            .addNewItem("password", null, "p")
            .endSecret()
            .build();
    assertThatThrownBy(() -> setUp(items))
        .hasRootCauseMessage("references non-existent secret key: password");
  }

  @Test
  void projectsSeveralSourcesIntoOneFolder() throws IOException {
    objects.configMap("settings", Map.of("a.conf", "one"));
    objects.secret("token", "token", "xyz");
    var projected =
        new VolumeBuilder()
            .withName("v")
            .withNewProjected()
            .addNewSource()
            .withNewConfigMap()
            .withName("settings")
            .endConfigMap()
            .endSource()
            .addNewSource()
            .withNewSecret()
            .withName("token")
            .endSecret()
            .endSource()
            .addNewSource()
            .withNewDownwardAPI()
            .addNewItem()
            .withPath("uid")
            .withNewFieldRef("v1", "metadata.uid")
            .endItem()
            .endDownwardAPI()
            .endSource()
            .endProjected()
            .build();
    var dir = setUp(projected);
    assertThat(dir.resolve("a.conf")).hasContent("one");
    assertThat(dir.resolve("token")).hasContent("xyz");
    assertThat(dir.resolve("uid")).hasContent(Pods.UID);
  }

  @Test
  void givesATokenOfThePodsServiceAccount() throws IOException {
    objects.tokenRenewal = Instant.parse("2026-11-23T13:48:00Z");
    var pod =
        new PodBuilder(Pods.with(token("vault", 7200L)))
            .editSpec()
            .withServiceAccountName("robot")
            .endSpec()
            .build();
    var mounted = volumes.setUp(pod).toCompletableFuture().join();
    var file = mounted.paths().get("v").resolve("token");
    assertThat(file).hasContent("token-1");
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100644);
    assertThat(objects.tokenOf).isEqualTo("web-golden-node as robot for [vault] 7200");
    assertThat(mounted.renewAt()).contains(objects.tokenRenewal);
  }

  @Test
  void keepsATokenFromOthersThanTheOneUserOfThePod() throws IOException {
    var pod =
        new PodBuilder(Pods.with(token(null, null)))
            .editSpec()
            .withNewSecurityContext()
            .withRunAsUser(1000L)
            .endSecurityContext()
            .addNewContainer()
            .withName("main")
            .endContainer()
            .endSpec()
            .build();
    var file = volumes.setUp(pod).toCompletableFuture().join().paths().get("v").resolve("token");
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100600);
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(1000);
    assertThat(objects.tokenOf).isEqualTo("web-golden-node as default for [] 3600");
  }

  @Test
  void tellsOfAContainersResources() throws IOException {
    var limits =
        new VolumeBuilder()
            .withName("v")
            .withNewDownwardAPI()
            .addNewItem()
            .withPath("cpu")
            .withResourceFieldRef(
                new ResourceFieldSelector("main", new Quantity("1m"), "limits.cpu"))
            .endItem()
            .addNewItem()
            .withPath("memory")
            .withResourceFieldRef(
                new ResourceFieldSelector("main", new Quantity("1Mi"), "limits.memory"))
            .endItem()
            .endDownwardAPI()
            .build();
    var pod =
        new PodBuilder(Pods.with(limits))
            .editSpec()
            .addNewContainer()
            .withName("main")
            .withNewResources()
            .addToLimits("cpu", new Quantity("1250m"))
            .endResources()
            .endContainer()
            .endSpec()
            .build();
    var dir = volumes.setUp(pod).toCompletableFuture().join().paths().get("v");
    assertThat(dir.resolve("cpu")).hasContent("1250");
    assertThat(dir.resolve("memory")).hasContent("8192"); // the node's
  }

  private static Volume token(String audience, Long seconds) {
    return new VolumeBuilder()
        .withName("v")
        .withNewProjected()
        .addNewSource()
        .withNewServiceAccountToken(audience, seconds, "token")
        .endSource()
        .endProjected()
        .build();
  }

  private Path setUp(Volume volume) throws IOException {
    return volumes.setUp(Pods.with(volume)).toCompletableFuture().join().paths().get("v");
  }

  private static Volume configMap(String name) {
    return new VolumeBuilder()
        .withName("v")
        .withNewConfigMap()
        .withName(name)
        .endConfigMap()
        .build();
  }

  private static Volume secret(String name) {
    return new VolumeBuilder()
        .withName("v")
        .withNewSecret()
        .withSecretName(name)
        .endSecret()
        .build();
  }
}
