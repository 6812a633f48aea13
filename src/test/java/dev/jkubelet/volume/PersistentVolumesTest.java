package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.BlockingCalls;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeSpecBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersistentVolumesTest {
  @TempDir private Path root;
  private final FakeObjects objects = new FakeObjects();
  private Path data;
  private PodVolumes volumes;

  @BeforeEach
  void open() throws IOException {
    data = Files.createDirectories(root.resolve("data/deep")).getParent();
    volumes =
        new PodVolumes(
            root,
            objects,
            Pods.ALLOCATABLE,
            new BlockingCalls(4),
            Duration.ofSeconds(20),
            VolumeListener.NONE);
    claim("Bound", "pv-1", "uid-claim");
  }

  @Test
  void leadsToTheFolderOfTheHostThatTheClaimIsBoundTo() {
    volume("uid-claim", new PersistentVolumeSpecBuilder().withNewHostPath(data.toString(), ""));
    assertThat(setUp(Pods.with(claimed()))).isEqualTo(data);
  }

  @Test
  void givesALocalVolumeToThePodsGroup() throws IOException {
    volume("uid-claim", new PersistentVolumeSpecBuilder().withNewLocal("", data.toString()));
    assertThat(setUp(ofGroup("Always"))).isEqualTo(data);
    assertThat(group(data)).isEqualTo(4711);
    assertThat(group(data.resolve("deep"))).isEqualTo(4711);
  }

  @Test
  void looksNoFurtherThanTheRootWhenThePodSaysSo() throws IOException {
    volume("uid-claim", new PersistentVolumeSpecBuilder().withNewLocal("", data.toString()));
    setUp(ofGroup("OnRootMismatch"));
    assertThat(group(data.resolve("deep"))).isEqualTo(4711);

    Files.setAttribute(data.resolve("deep"), "unix:gid", 7);
    setUp(ofGroup("OnRootMismatch"));
    assertThat(group(data.resolve("deep"))).isEqualTo(7);

    Files.setAttribute(data, "unix:mode", 0755);
    setUp(ofGroup("OnRootMismatch"));
    assertThat(group(data.resolve("deep"))).isEqualTo(4711);
  }

  @ParameterizedTest
  @CsvSource({
    "Pending, '', uid-claim, persistentvolumeclaim \"claim\" is not bound",
    "Bound, pv-2, uid-claim, persistentvolume \"pv-2\" not found",
    "Bound, pv-1, uid-other, persistentvolume \"pv-1\" is not bound to claim \"claim\"",
  })
  void saysWhyThereIsNone(String phase, String name, String boundTo, String message) {
    claim(phase, name, "uid-claim");
    volume(boundTo, new PersistentVolumeSpecBuilder().withNewHostPath(data.toString(), ""));
    assertThatThrownBy(() -> setUp(Pods.with(claimed()))).hasRootCauseMessage(message);
  }

  @Test
  void saysWhenThereIsNoSuchClaimOrWhenItIsOnItsWayOut() {
    objects.claims.get("claim").getMetadata().setDeletionTimestamp("2026-11-27T12:00:00Z");
    assertThatThrownBy(() -> setUp(Pods.with(claimed())))
        .hasRootCauseMessage("persistentvolumeclaim \"claim\" is being deleted");
    objects.claims.clear();
    assertThatThrownBy(() -> setUp(Pods.with(claimed())))
        .hasRootCauseMessage("persistentvolumeclaim \"claim\" not found");
  }

  @Test
  void mountsAnExportOfAServerByTheMachinesOwnMeans() throws Exception {
    var said = root.resolve("said");
    var program = root.resolve("mount");
    Files.writeString(program, "#!/bin/sh\necho \"$@\" >>" + said + "\n");
    program.toFile().setExecutable(true);
    var dirs = new PodDirs(root);
    var nfs = new NfsVolume(dirs, new MountCommand(program.toString(), Duration.ofSeconds(20)));
    var source = new VolumeBuilder().withNewNfs("/export", true, "10.0.0.1").build().getNfs();
    var dir = nfs.setUp(Pods.UID, "v", source, List.of("vers=4.1"));
    assertThat(dir.toString()).endsWith("volumes/kubernetes.io~nfs/v");
    assertThat(said).hasContent("-t nfs -o vers=4.1,ro -- 10.0.0.1:/export " + dir);
  }

  @Test
  void saysWhatMountSaidWhenItFails() throws IOException {
    var program = root.resolve("mount");
    Files.writeString(program, "#!/bin/sh\necho no such server >&2; exit 32\n");
    program.toFile().setExecutable(true);
    var command = new MountCommand(program.toString(), Duration.ofSeconds(20));
    assertThatThrownBy(() -> command.mount("nfs", "a:/b", root, List.of()))
        .hasMessage("mount of a:/b: exit status 32: no such server");
  }

  @Test
  void givesUpOnAServerThatDoesNotAnswer() throws IOException {
    var program = root.resolve("mount");
    Files.writeString(program, "#!/bin/sh\nexec sleep 600\n");
    program.toFile().setExecutable(true);
    var command = new MountCommand(program.toString(), Duration.ofSeconds(1));
    assertThatThrownBy(() -> command.mount("nfs", "a:/b", root, List.of()))
        .hasMessage("mount of a:/b: no answer within 1s");
  }

  private void claim(String phase, String volume, String uid) {
    objects.claims.put(
        "claim",
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName("claim")
            .withUid(uid)
            .endMetadata()
            .withNewSpec()
            .withVolumeName(volume)
            .endSpec()
            .withNewStatus()
            .withPhase(phase)
            .endStatus()
            .build());
  }

  private void volume(String claimUid, PersistentVolumeSpecBuilder spec) {
    objects.persistentVolumes.put(
        "pv-1",
        new PersistentVolumeBuilder()
            .withNewMetadata()
            .withName("pv-1")
            .endMetadata()
            .withSpec(spec.withNewClaimRef().withUid(claimUid).endClaimRef().build())
            .build());
  }

  private static Volume claimed() {
    return new VolumeBuilder().withName("v").withNewPersistentVolumeClaim("claim", false).build();
  }

  private static Pod ofGroup(String policy) {
    return new PodBuilder(Pods.with(claimed()))
        .editSpec()
        .withNewSecurityContext()
        .withFsGroup(4711L)
        .withFsGroupChangePolicy(policy)
        .endSecurityContext()
        .endSpec()
        .build();
  }

  private Path setUp(Pod pod) {
    return volumes.setUp(pod).toCompletableFuture().join().paths().get("v");
  }

  private static int group(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:gid");
  }
}
