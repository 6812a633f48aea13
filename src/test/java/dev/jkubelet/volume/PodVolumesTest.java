package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.BlockingCalls;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodVolumesTest {
  @TempDir private Path root;
  @TempDir private Path outside;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private PodVolumes volumes;

  /** Remembers what it was told, as one line each. */
  private final class Hearing implements VolumeListener {
    @Override
    public void wanted(String podUid, Map<String, String> plugins) {
      heard.add("wanted " + new TreeMap<>(plugins));
    }

    @Override
    public void mounted(String podUid, String volume, Duration took, boolean failed) {
      heard.add((failed ? "not mounted " : "mounted ") + volume);
    }

    @Override
    public void unmounted(String podUid, Duration took, boolean failed) {
      heard.add((failed ? "not unmounted " : "unmounted ") + podUid);
    }
  }

  @BeforeEach
  void open() {
    volumes =
        new PodVolumes(
            root,
            new FakeObjects(),
            Pods.ALLOCATABLE,
            new BlockingCalls(4),
            Duration.ofSeconds(20),
            new Hearing());
  }

  @AfterEach
  void unmountLeftovers() throws IOException {
    for (var point : MountTable.read().below(root.toRealPath())) {
      Syscalls.detach(point);
    }
  }

  @Test
  void laysTheFoldersOfThePodWithTheKubeletsModes() throws IOException {
    var paths = setUp(Pods.with(emptyDir("www", new EmptyDirVolumeSource())));

    var pod = root.resolve("pods").resolve(Pods.UID);
    assertThat(paths).isEqualTo(Map.of("www", pod.resolve("volumes/kubernetes.io~empty-dir/www")));
    assertThat(mode(pod)).isEqualTo("750");
    assertThat(mode(pod.resolve("volumes"))).isEqualTo("750");
    assertThat(mode(pod.resolve("plugins"))).isEqualTo("750");
    assertThat(mode(pod.resolve("containers"))).isEqualTo("750");
    assertThat(mode(pod.resolve("volumes/kubernetes.io~empty-dir"))).isEqualTo("755");
    assertThat(mode(pod.resolve("volumes/kubernetes.io~empty-dir/www"))).isEqualTo("777");
    assertThat(pod.resolve("plugins/kubernetes.io~empty-dir/www/ready")).isEmptyFile();
  }

  @Test
  void keepsWhatThePodWroteWhenSetUpIsRepeated() throws IOException {
    var pod =
        Pods.with(emptyDir("disk", new EmptyDirVolumeSource()), emptyDir("ram", memory(null)));
    var paths = setUp(pod);
    Files.writeString(paths.get("disk").resolve("note"), "here");
    Files.writeString(paths.get("ram").resolve("note"), "here");

    setUp(pod);

    assertThat(paths.get("disk").resolve("note")).hasContent("here");
    assertThat(paths.get("ram").resolve("note")).hasContent("here");
    assertThat(MountTable.read().below(root.toRealPath())).hasSize(1);
  }

  @Test
  void mountsTheMemoryMediumAsATmpfsOfTheAskedSize() throws IOException {
    var dir = setUp(Pods.with(emptyDir("scratch", memory(new Quantity("16Mi"))))).get("scratch");

    assertThat(MountTable.read().isMounted(dir.toRealPath(), "tmpfs")).isTrue();
    assertThat(Files.getFileStore(dir).getTotalSpace()).isEqualTo(16 << 20);
    assertThat(mode(dir)).isEqualTo("1777");
  }

  @Test
  void keepsATmpfsThatAnAgentKilledMeanwhileHadMounted() throws IOException {
    var dir =
        root.resolve("pods").resolve(Pods.UID).resolve("volumes/kubernetes.io~empty-dir/scratch");
    Files.createDirectories(dir);
    Syscalls.mountTmpfs(dir, "");
    Files.writeString(dir.resolve("note"), "from before");

    setUp(Pods.with(emptyDir("scratch", memory(null))));

    assertThat(dir.resolve("note")).hasContent("from before");
    assertThat(MountTable.read().below(root.toRealPath())).containsExactly(dir.toRealPath());
  }

  @Test
  void givesTheVolumeToTheFsGroup() throws IOException {
    var pod =
        new PodBuilder(
                Pods.with(
                    emptyDir("disk", new EmptyDirVolumeSource()), emptyDir("ram", memory(null))))
            .editSpec()
            .withNewSecurityContext()
            .withFsGroup(4711L)
            .endSecurityContext()
            .endSpec()
            .build();

    var paths = setUp(pod);

    assertThat(mode(paths.get("disk"))).isEqualTo("2777");
    assertThat(mode(paths.get("ram"))).isEqualTo("3777");
    assertThat(Files.getAttribute(paths.get("disk"), "unix:gid")).isEqualTo(4711);
    assertThat(Files.getAttribute(paths.get("ram"), "unix:gid")).isEqualTo(4711);
  }

  @Test
  void namesTheVolumeAndItsTypeWhenTheTypeIsNotSupported() {
    var pod =
        Pods.with(
            new VolumeBuilder()
                .withName("settings")
                .withNewCephfs()
                .withMonitors("m")
                .endCephfs()
                .build(),
            emptyDir("www", new EmptyDirVolumeSource()));

    assertThatThrownBy(() -> setUp(pod))
        .isInstanceOfSatisfying(
            VolumeException.class, e -> assertThat(e.reason()).isEqualTo("FailedMount"))
        .hasMessage(
            "MountVolume.SetUp failed for volume \"settings\" : volumes of type cephfs are not"
                + " supported");
    assertThat(
            root.resolve("pods").resolve(Pods.UID).resolve("volumes/kubernetes.io~empty-dir/www"))
        .as("the volume that could be made")
        .isDirectory();
  }

  @Test
  void tellsThePodOfItsLabels() throws IOException {
    var pod =
        new PodBuilder(
                Pods.with(
                    new VolumeBuilder()
                        .withName("info")
                        .withNewDownwardAPI()
                        .addNewItem()
                        .withPath("labels")
                        .withNewFieldRef()
                        .withFieldPath("metadata.labels")
                        .endFieldRef()
                        .endItem()
                        .endDownwardAPI()
                        .build()))
            .editMetadata()
            .addToLabels(Map.of("tier", "front \"row\"", "app", "web"))
            .endMetadata()
            .build();

    var dir = setUp(pod).get("info");
    var first = Files.readSymbolicLink(dir.resolve("..data"));
    setUp(pod);

    assertThat(dir.resolve("labels")).hasContent("app=\"web\"\ntier=\"front \\\"row\\\"\"");
    assertThat(Files.readSymbolicLink(dir.resolve("labels"))).hasToString("..data/labels");
    assertThat(Files.readSymbolicLink(dir.resolve("..data")))
        .as("not written again")
        .isEqualTo(first);
    pod.getMetadata().setLabels(Map.of("app", "shop"));
    setUp(pod);
    assertThat(dir.resolve("labels")).hasContent("app=\"shop\"");
    try (var entries = Files.list(dir)) {
      assertThat(entries).as("the old folder is gone").hasSize(3);
    }
  }

  @Test
  void tellsWhatBecomesOfEachVolume() {
    var cephfs =
        new VolumeBuilder().withName("far").withNewCephfs().addToMonitors("m").endCephfs().build();
    var pod = Pods.with(emptyDir("www", new EmptyDirVolumeSource()), cephfs);

    assertThatThrownBy(() -> setUp(pod)).hasMessageContaining("cephfs");
    await(volumes.tearDown(Pods.UID));

    assertThat(heard)
        .containsExactly(
            "wanted {far=kubernetes.io/cephfs, www=kubernetes.io/empty-dir}",
            "mounted www",
            "not mounted far",
            "unmounted " + Pods.UID);
  }

  @Test
  void tearsDownMountsDeepestFirstThenTheFolderAndIsIdempotent() throws IOException {
    var dir = setUp(Pods.with(emptyDir("ram", memory(null)))).get("ram");
    var nested = Files.createDirectory(dir.resolve("nested"));
    Syscalls.mountTmpfs(nested, "");
    Syscalls.mountTmpfs(nested, ""); // stacked
    assertThat(await(volumes.podUids())).containsExactly(Pods.UID);

    await(volumes.tearDown(Pods.UID));
    await(volumes.tearDown(Pods.UID));

    assertThat(root.resolve("pods")).isEmptyDirectory();
    assertThat(MountTable.read().below(root.toRealPath())).isEmpty();
    assertThat(await(volumes.podUids())).isEmpty();
  }

  @Test
  void releasesVolumesAndKeepsWhatElseThereIsOfThePod() throws IOException {
    var paths =
        setUp(
            Pods.with(emptyDir("ram", memory(null)), emptyDir("www", new EmptyDirVolumeSource())));
    var pod = root.resolve("pods").resolve(Pods.UID);
    var words = Files.writeString(pod.resolve("containers/words"), "the last");

    await(volumes.release(Pods.UID));
    await(volumes.release(Pods.UID));

    assertThat(MountTable.read().below(root.toRealPath())).isEmpty();
    assertThat(paths.values()).allSatisfy(path -> assertThat(path).doesNotExist());
    assertThat(pod).isDirectoryNotContaining("glob:**/{volumes,plugins}");
    assertThat(words).hasContent("the last");
  }

  @Test
  void unmountsAVolumeThatIsInUse() throws IOException {
    var dir = setUp(Pods.with(emptyDir("ram", memory(null)))).get("ram");
    try (var open = Files.newOutputStream(dir.resolve("open"))) {
      await(volumes.tearDown(Pods.UID));
      open.write(1);
    }

    assertThat(root.resolve("pods")).isEmptyDirectory();
  }

  @Test
  void neverDeletesThroughASymbolicLinkOrAMount() throws IOException {
    Files.writeString(outside.resolve("precious"), "keep");
    var dir = setUp(Pods.with(emptyDir("www", new EmptyDirVolumeSource()))).get("www");
    Files.createSymbolicLink(dir.resolve("way-out"), outside);
    var bound = Files.createDirectory(dir.resolve("bound"));
    int fd = Syscalls.openAnchor(outside);
    Syscalls.bind(fd, bound);
    Syscalls.close(fd);

    await(volumes.tearDown(Pods.UID));

    assertThat(outside.resolve("precious")).hasContent("keep");
    assertThat(root.resolve("pods")).isEmptyDirectory();
  }

  @Test
  void worksBelowARootFolderThatIsASymbolicLink() throws IOException {
    var link = Files.createSymbolicLink(outside.resolve("kubelet"), root);
    var linked =
        new PodVolumes(
            link,
            new FakeObjects(),
            Pods.ALLOCATABLE,
            new BlockingCalls(1),
            Duration.ofSeconds(20),
            VolumeListener.NONE);
    var pod = Pods.with(emptyDir("ram", memory(null)));

    await(linked.setUp(pod));
    await(linked.setUp(pod));
    assertThat(MountTable.read().below(root.toRealPath())).hasSize(1);
    await(linked.tearDown(Pods.UID));

    assertThat(MountTable.read().below(root.toRealPath())).isEmpty();
    assertThat(root.resolve("pods")).isEmptyDirectory();
  }

  @Test
  void refusesUidsAndNamesThatArePaths() throws IOException {
    Files.createDirectories(root.resolve("pods/x"));
    Files.writeString(root.resolve("precious"), "keep");

    for (var uid : new String[] {"..", ".", "", "../pods", "x/../..", "/etc", "a\0b"}) {
      assertThatThrownBy(() -> await(volumes.tearDown(uid)))
          .as(uid)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("metadata.uid");
    }
    assertThatThrownBy(() -> setUp(Pods.with(emptyDir("../../x", new EmptyDirVolumeSource()))))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("spec.volumes[].name");
    assertThat(root.resolve("precious")).hasContent("keep");
  }

  private Map<String, Path> setUp(Pod pod) {
    return await(volumes.setUp(pod)).paths();
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException failure) {
      throw (RuntimeException) failure.getCause();
    }
  }

  private static Volume emptyDir(String name, EmptyDirVolumeSource source) {
    return new VolumeBuilder().withName(name).withEmptyDir(source).build();
  }

  private static EmptyDirVolumeSource memory(Quantity limit) {
    return new EmptyDirVolumeSourceBuilder().withMedium("Memory").withSizeLimit(limit).build();
  }

  private static String mode(Path path) throws IOException {
    int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return Integer.toOctalString(mode & 07777);
  }
}
