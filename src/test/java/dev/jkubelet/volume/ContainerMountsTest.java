package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerConfig.Mount;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerMountsTest {
  private static final Pod POD =
      Pods.with(
          new VolumeBuilder().withName("www").withNewEmptyDir().endEmptyDir().build(),
          new VolumeBuilder().withName("info").withNewDownwardAPI().endDownwardAPI().build());

  @TempDir private Path root;
  private Path www;
  private ContainerMounts mounts;

  @BeforeEach
  void open() throws IOException {
    www = Files.createDirectory(root.resolve("www"));
    Files.setAttribute(www, "unix:mode", 02777);
    mounts = new ContainerMounts(root, new BlockingCalls(4), Duration.ofSeconds(30));
  }

  @AfterEach
  void unmountLeftovers() throws IOException {
    for (var point : MountTable.read().below(root.toRealPath())) {
      Syscalls.detach(point);
    }
  }

  @Test
  void showsVolumesWhereAndHowTheContainerWants() {
    assertThat(
            of(
                mount("www", "/www").build(),
                mount("www", "relative/../x").withReadOnly(true).build(),
                mount("info", "/etc/podinfo").withMountPropagation("HostToContainer").build()))
        .containsExactly(
            new Mount(www, "/www", false, "rprivate"),
            new Mount(www, "/x", true, "rprivate"),
            new Mount(root, "/etc/podinfo", true, "rslave"));
  }

  @Test
  void saysWhichVolumeIsMissing() {
    assertThatThrownBy(() -> of(mount("none", "/x").build()))
        .isInstanceOfSatisfying(
            VolumeException.class,
            e -> assertThat(e.reason()).isEqualTo("CreateContainerConfigError"))
        .hasMessage("cannot find volume \"none\" to mount into container \"main\"");
  }

  @Test
  void refusesWhatItCannotGive() {
    assertThatThrownBy(() -> of(mount("www", "/x").withRecursiveReadOnly("Enabled").build()))
        .isInstanceOf(VolumeException.class)
        .hasMessage(
            "container \"main\" can't have volume \"www\": recursiveReadOnly is not supported");

    var container =
        new ContainerBuilder().withName("main").addNewVolumeDevice("/dev/xvda", "www").build();
    assertThatThrownBy(() -> of(container))
        .isInstanceOf(VolumeException.class)
        .hasMessage(
            "container \"main\" can't have volume \"www\": volumes of mode Block are not supported");
  }

  @Test
  void showsAFileOrFolderOfAVolume() throws IOException {
    Files.createDirectories(www.resolve("a/b"));
    Files.writeString(www.resolve("a/b/file"), "text");
    Files.createSymbolicLink(www.resolve("inside"), Path.of("a/b"));

    var found =
        of(
            mount("www", "/f").withSubPath("a/b/file").build(),
            mount("www", "/d").withSubPath("inside").build());

    assertThat(found.get(0).hostPath()).hasContent("text");
    assertThat(found.get(1).hostPath().resolve("file")).hasContent("text");
    assertThat(found.get(1).hostPath())
        .isEqualTo(root.resolve("pods").resolve(Pods.UID).resolve("volume-subpaths/www/main/1"));
  }

  @Test
  void makesAMissingSubPathWithTheVolumesModeAndBindsAnewForTheNextRun() throws IOException {
    var wanted = mount("www", "/d").withSubPathExpr("$(POD)/new").build();

    of(wanted);
    var hostPath = of(wanted).getFirst().hostPath();

    Files.writeString(hostPath.resolve("x"), "y");
    assertThat(www.resolve("web/new/x")).hasContent("y");
    assertThat((int) Files.getAttribute(www.resolve("web"), "unix:mode") & 07777).isEqualTo(02777);
    assertThat(MountTable.read().below(root.toRealPath())).hasSize(1);
  }

  @Test
  void neverLeavesTheVolume() throws IOException {
    Files.writeString(root.resolve("precious"), "keep");
    Files.createSymbolicLink(www.resolve("up"), Path.of(".."));
    Files.createSymbolicLink(www.resolve("absolute"), Path.of("/etc"));
    Files.createSymbolicLink(www.resolve("dangling"), root.resolve("made"));

    for (var path :
        List.of("up", "up/precious", "up/new", "absolute", "absolute/passwd", "dangling/x")) {
      assertThatThrownBy(() -> of(mount("www", "/d").withSubPath(path).build()))
          .as(path)
          .hasMessage("failed to prepare subPath for volumeMount \"www\" of container \"main\"");
    }
    assertThatThrownBy(() -> of(mount("www", "/d").withSubPath("a/../../x").build()))
        .hasMessage("unable to provision SubPath `a/../../x`: must not contain '..'");
    assertThatThrownBy(() -> of(mount("www", "/d").withSubPath("/etc").build()))
        .hasMessage("error SubPath `/etc` must not be an absolute path");
    assertThat(root.resolve("made")).doesNotExist();
    assertThat(root.resolve("new")).doesNotExist();
    assertThat(MountTable.read().below(root.toRealPath())).isEmpty();
  }

  @Test
  void givesUpAPathThatHangsAndDoesNotOvertakeIt() {
    var impatient = new ContainerMounts(root, new BlockingCalls(4), Duration.ofMillis(50));
    var gate = new CompletableFuture<String>();
    Container container =
        new ContainerBuilder()
            .withName("main")
            .withVolumeMounts(mount("www", "/d").withSubPathExpr("$(POD)").build())
            .build();
    UnaryOperator<String> hangs = _ -> gate.handle((_, _) -> "web").join();
    Supplier<CompletionStage<List<Mount>>> tried =
        () -> impatient.of(POD, container, Map.of("www", www), hangs);

    assertThatThrownBy(() -> get(tried.get())).hasCauseInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> get(tried.get()))
        .isInstanceOf(VolumeException.class)
        .hasMessageEndingWith("an earlier call has not ended yet");
    assertThat(get(impatient.of(POD, sibling(), Map.of("www", www), text -> text))).hasSize(1);
    gate.complete("");
    assertThat(onceItIsOver(tried)).hasSize(1);
  }

  private static List<Mount> onceItIsOver(Supplier<CompletionStage<List<Mount>>> tried) {
    for (int tries = 0; tries < 1000; tries++) {
      try {
        return get(tried.get());
      } catch (VolumeException busy) {
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
    }
    throw new AssertionError("it never ends");
  }

  private static Container sibling() {
    return new ContainerBuilder()
        .withName("other")
        .withVolumeMounts(mount("www", "/d").build())
        .build();
  }

  private List<Mount> of(VolumeMount... wanted) {
    return of(new ContainerBuilder().withName("main").withVolumeMounts(wanted).build());
  }

  private List<Mount> of(Container container) {
    return get(
        mounts.of(
            POD,
            container,
            Map.of("www", www, "info", root),
            text -> text.replace("$(POD)", "web")));
  }

  private static List<Mount> get(CompletionStage<List<Mount>> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  private static VolumeMountBuilder mount(String name, String path) {
    return new VolumeMountBuilder().withName(name).withMountPath(path);
  }
}
