package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.jkubelet.stats.NodeSnapshot.VolumeUsage;
import dev.jkubelet.stats.kernel.DirectoryUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskWalkerTest {
  private static final int MEGABYTE = 1 << 20;

  @TempDir private Path folder;
  private final MovingClock clock = new MovingClock("2026-11-24T10:00:00Z");

  /** None. */
  private static final EngineContainers NO_CONTAINERS =
      new EngineContainers() {
        @Override
        public Optional<Described> of(String id) {
          return Optional.empty();
        }

        @Override
        public List<Described> known() {
          return List.of();
        }

        @Override
        public void forget(String id) {}
      };

  private DiskWalker walker() {
    return new DiskWalker(
        folder,
        new HostFiles(Path.of("/")),
        DiskSpace::of,
        NO_CONTAINERS,
        () -> new DiskWalker.Images(Optional.of(folder), 4711),
        clock);
  }

  private Path write(String path, int bytes) throws IOException {
    var file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, new byte[bytes]);
  }

  @Test
  void countsBlocksAndInodesOnceEach() throws IOException {
    var file = write("some/deep/file", MEGABYTE);
    Files.createLink(folder.resolve("some/again"), file);
    Files.createSymbolicLink(folder.resolve("some/link"), Path.of("/usr"));

    var usage = DirectoryUsage.of(folder.resolve("some"), 100).orElseThrow();

    assertThat(usage.bytes()).isBetween((long) MEGABYTE, MEGABYTE + 64L * 1024);
    assertThat(usage.inodes()).isEqualTo(4);
  }

  @Test
  void givesUpOnTooManyEntriesAndOnNone() throws IOException {
    for (int i = 0; i < 10; i++) {
      write("many/" + i, 1);
    }

    assertThat(DirectoryUsage.of(folder.resolve("many"), 5)).isEmpty();
    assertThat(DirectoryUsage.of(folder.resolve("none"), 5)).isEmpty();
  }

  @Test
  void countsFilesWithSeveralNamesOnceHoweverManyThereAre() throws IOException {
    for (int i = 0; i < 600; i++) {
      Files.createLink(folder.resolve("again" + i), write("links/" + i, 1));
    }

    assertThat(DirectoryUsage.of(folder, 10_000).orElseThrow().inodes()).isEqualTo(602);
  }

  @Test
  void givesUpOnFoldersThatAreTooDeep() throws IOException {
    Files.createDirectories(folder.resolve("d/".repeat(300)));

    assertThat(DirectoryUsage.of(folder.resolve("d"), 10_000)).isEmpty();
    assertThat(DirectoryUsage.of(folder.resolve("d/".repeat(100)), 10_000).orElseThrow().inodes())
        .isEqualTo(201);
  }

  @Test
  void tellsVolumesOfPodsAndWhichAreEphemeral() throws IOException {
    write("pods/uid1/volumes/kubernetes.io~configmap/conf/key", 100);
    write("pods/uid1/volumes/kubernetes.io~secret/token/key", 100);

    var volumes = walker().round().volumes();

    assertThat(volumes).containsOnlyKeys("uid1");
    assertThat(volumes.get("uid1"))
        .extracting(VolumeUsage::name, VolumeUsage::ephemeral)
        .containsExactlyInAnyOrder(tuple("conf", true), tuple("token", false));
    assertThat(volumes.get("uid1").getFirst().inodesUsed()).isEqualTo(2);
  }

  @Test
  void looksAtAFolderAgainAfterAMinute() throws IOException {
    write("pods/uid1/volumes/kubernetes.io~configmap/conf/key", 100);
    var walker = walker();
    walker.round();
    write("pods/uid1/volumes/kubernetes.io~configmap/conf/other", 100);

    clock.move(Duration.ofSeconds(59));
    assertThat(inodes(walker.round())).isEqualTo(2);
    clock.move(Duration.ofSeconds(1));
    assertThat(inodes(walker.round())).isEqualTo(3);
  }

  private static long inodes(DiskUsage usage) {
    return usage.volumes().get("uid1").getFirst().inodesUsed();
  }

  @Test
  void tellsTheNodesAndTheImagesFileSystems() {
    var usage = walker().round();

    assertThat(usage.nodeFs().orElseThrow().capacity()).isPositive();
    assertThat(usage.imageFs().orElseThrow().usage()).isEqualTo(4711);
    assertThat(usage.machine()).isNotEmpty();
  }
}
