package dev.jkubelet.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.volume.csi.CsiNode.Capability;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretReference;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.storage.CSIDriverBuilder;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpecBuilder;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachmentBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes of CSI drivers, as pods get them and let go of them. */
class CsiVolumesTest {
  private static final String DRIVER = "driver.example";
  private static final String OTHER = "0c3b1b1e-7a59-4a57-a1a1-6f2f5a4b1d11";

  /** Of handle, driver and node, as {@code sha256sum} has it. */
  private static final String ATTACHMENT =
      "csi-d267734bd6b8db9810a34176e6ae420302fac68b7310e5831cfcec56a6170c91";

  /** Of the pod's UID and the volume's name. */
  private static final String EPHEMERAL =
      "csi-cc1456bdd9746450ddd2a5c775ca1385f66b7a03177697c8153f42c4782458bc";

  @TempDir private Path root;
  private final FakeObjects objects = new FakeObjects();
  private final FakeCsiNode node = new FakeCsiNode();
  private final List<String> grown = new CopyOnWriteArrayList<>();
  private PodVolumes volumes;

  @BeforeEach
  void open() {
    volumes = agent();
    driver(new CSIDriverSpecBuilder().withAttachRequired(false));
    volume("1Gi", "1Gi");
  }

  @AfterEach
  void unmount() {
    volumes.drivers().add(DRIVER, node);
    volumes.tearDown(Pods.UID).toCompletableFuture().join();
    volumes.tearDown(OTHER).toCompletableFuture().join();
  }

  /** One that knows nothing but what is on the disk. */
  private PodVolumes agent() {
    var agent =
        new PodVolumes(
            root,
            objects,
            Pods.ALLOCATABLE,
            new BlockingCalls(4),
            Duration.ofSeconds(20),
            new VolumeListener() {
              @Override
              public void grown(Pod pod, PersistentVolumeClaim claim) {
                grown.add(pod.getMetadata().getUid() + " " + claim.getMetadata().getName());
              }
            });
    agent.drivers().add(DRIVER, node);
    return agent;
  }

  @Test
  void isStagedForTheNodeAndPublishedForThePod() throws IOException {
    var path = setUp(claiming(Pods.UID));

    assertThat(path).isEqualTo(of(Pods.UID).resolve("mount"));
    assertThat(node.calls)
        .containsExactly("stage vol-1 at " + staged(), "publish vol-1 from " + staged());
    assertThat(node.published.context()).isEqualTo(Map.of("kind", "fast"));
    assertThat(node.published.fsType()).isEqualTo("ext4");
    assertThat(node.published.mountOptions()).containsExactly("noatime");
    assertThat(node.published.accessMode()).isEqualTo("ReadWriteOnce");
    assertThat(node.readOnly).isFalse();
    assertThat(Files.readString(of(Pods.UID).resolve("vol_data.json")))
        .isEqualTo(
            "{\"attachmentID\":\""
                + ATTACHMENT
                + "\",\"driverName\":\"driver.example\","
                + "\"nodeName\":\"node-1\",\"specVolID\":\"pv-1\",\"volumeHandle\":\"vol-1\","
                + "\"volumeLifecycleMode\":\"Persistent\"}");
    assertThat(staged().resolveSibling("vol_data.json"))
        .hasContent("{\"driverName\":\"driver.example\",\"volumeHandle\":\"vol-1\"}");
  }

  @Test
  void isNotPublishedAgainWhileItIsThere() {
    setUp(claiming(Pods.UID));
    node.calls.clear();
    setUp(claiming(Pods.UID));
    assertThat(node.calls).isEmpty();
  }

  @Test
  void isPublishedAgainOnceItsMountIsGone() throws IOException {
    var path = setUp(claiming(Pods.UID));
    Syscalls.unmount(path);
    setUp(claiming(Pods.UID));
    assertThat(node.calls).hasSize(4).last().asString().startsWith("publish ");
  }

  @Test
  void staysStagedUntilTheLastPodIsGoneAlsoForAnAgentThatKnowsNeither() {
    setUp(claiming(Pods.UID));
    setUp(claiming(OTHER));
    node.calls.clear();

    agent().tearDown(Pods.UID).toCompletableFuture().join();
    assertThat(node.calls).containsExactly("unpublish vol-1");
    agent().tearDown(OTHER).toCompletableFuture().join();
    assertThat(node.calls)
        .containsExactly("unpublish vol-1", "unpublish vol-1", "unstage vol-1 at " + staged());

    assertThat(staged().getParent()).doesNotExist();
    assertThat(root.resolve("pods")).isEmptyDirectory();
  }

  @Test
  void letsGoOfWhatCouldNotBePublished() {
    node.failure = "no such disk";
    assertThatThrownBy(() -> setUp(claiming(Pods.UID)))
        .rootCause()
        .hasMessage("rpc error: code = Internal desc = no such disk");
    agent().tearDown(Pods.UID).toCompletableFuture().join();
    assertThat(node.calls)
        .containsExactly(
            "stage vol-1 at " + staged(), "unpublish vol-1", "unstage vol-1 at " + staged());
  }

  @Test
  void keepsWhatCanNotBeUnpublishedUntilItCan() {
    setUp(claiming(Pods.UID));
    node.failure = "busy";
    assertThatThrownBy(() -> volumes.tearDown(Pods.UID).toCompletableFuture().join())
        .hasMessageContaining("rpc error: code = Internal desc = busy");
    assertThat(of(Pods.UID).resolve("mount")).isDirectory();
    volumes.tearDown(Pods.UID).toCompletableFuture().join();
    assertThat(of(Pods.UID)).doesNotExist();
  }

  @Test
  void waitsForItsDriverAndForItsEnd() {
    volumes.drivers().remove(DRIVER, node);
    assertThatThrownBy(() -> setUp(claiming(Pods.UID)))
        .hasMessageContaining(
            "MountVolume.MountDevice failed for volume \"pv-1\" : kubernetes.io/csi:"
                + " attacher.MountDevice failed: driver name driver.example not found in the list"
                + " of registered CSI drivers");
    assertThatThrownBy(() -> volumes.tearDown(Pods.UID).toCompletableFuture().join())
        .hasMessageContaining("driver name driver.example not found");
  }

  @Test
  void saysInItsEventWhatTheDriverSaid() {
    node.capabilities.clear();
    node.failure = "no such disk";
    assertThatThrownBy(() -> setUp(claiming(Pods.UID)))
        .hasMessageContaining(
            "MountVolume.SetUp failed for volume \"pv-1\" : rpc error: code = Internal desc = no such disk");
    assertThat(node.calls).containsExactly("publish vol-1 from ");
  }

  @Test
  void waitsUntilItIsAttachedUnlessTheDriverSaysThatItNeedNotBe() {
    objects.others.remove(DRIVER);
    var inUse = volumes.inUse(() -> {});
    var name = ATTACHMENT;
    assertThatThrownBy(() -> setUp(claiming(Pods.UID)))
        .hasMessageContaining(
            "MountVolume.WaitForAttach failed for volume \"pv-1\" : volume vol-1 has GET error for"
                + " volume attachment %s: volumeattachments.storage.k8s.io \"%s\" not found"
                    .formatted(name, name));
    attachment(name, false);
    assertThatThrownBy(() -> setUp(claiming(Pods.UID)))
        .hasMessageContaining("volume attachment " + name + " is not attached yet");
    assertThat(node.calls).isEmpty();

    attachment(name, true);
    setUp(claiming(Pods.UID));

    assertThat(node.published.publishContext()).isEqualTo(Map.of("device", "sdx"));
    assertThat(inUse.get()).containsExactly("kubernetes.io/csi/driver.example^vol-1");
    assertThat(agent().inUse(() -> {}).get()).isEqualTo(inUse.get());
    volumes.tearDown(Pods.UID).toCompletableFuture().join();
    assertThat(inUse.get()).isEmpty();
  }

  @Test
  void growsItsFileSystemWithTheVolumeAndSaysSo() {
    node.capabilities.add(Capability.EXPAND_VOLUME);
    setUp(claiming(Pods.UID));
    assertThat(grown).isEmpty();
    volume("2Gi", "1Gi");
    setUp(claiming(Pods.UID));

    assertThat(node.calls).last().isEqualTo("expand vol-1 to 2147483648");
    assertThat(grown).containsExactly(Pods.UID + " claim");
    assertThat(objects.patches)
        .containsExactly(
            "claim {\"status\":{\"capacity\":{\"storage\":\"2Gi\"},\"conditions\":"
                + "[{\"type\":\"FileSystemResizePending\",\"$patch\":\"delete\"}]}}");
  }

  @Test
  void saysNothingOfGrowthThatTheDriverRefused() {
    node.capabilities.add(Capability.EXPAND_VOLUME);
    setUp(claiming(Pods.UID));
    volume("2Gi", "1Gi");
    node.failure = "still in use";
    assertThatThrownBy(() -> setUp(claiming(Pods.UID))).hasMessageContaining("still in use");

    assertThat(grown).isEmpty();
    assertThat(objects.patches).isEmpty();
  }

  @Test
  void tellsTheDriverOfThePodIfItWantsToKnow() {
    driver(new CSIDriverSpecBuilder().withAttachRequired(false).withPodInfoOnMount(true));
    setUp(claiming(Pods.UID));
    assertThat(node.published.context())
        .containsEntry("csi.storage.k8s.io/pod.name", "web-golden-node")
        .containsEntry("csi.storage.k8s.io/pod.namespace", "golden")
        .containsEntry("csi.storage.k8s.io/pod.uid", Pods.UID)
        .containsEntry("csi.storage.k8s.io/serviceAccount.name", "")
        .containsEntry("csi.storage.k8s.io/ephemeral", "false")
        .containsEntry("kind", "fast");
  }

  @Test
  void bringsTheSecretsOfBothSteps() {
    objects.secret("stage", "key", "one");
    objects.secret("publish", "key", "two");
    var source = objects.persistentVolumes.get("pv-1").getSpec().getCsi();
    source.setNodeStageSecretRef(secret("stage"));
    source.setNodePublishSecretRef(secret("publish"));
    setUp(claiming(Pods.UID));
    assertThat(node.stageSecrets).isEqualTo(Map.of("key", "one"));
    assertThat(node.publishSecrets).isEqualTo(Map.of("key", "two"));

    source.setNodePublishSecretRef(secret("missing"));
    assertThatThrownBy(() -> setUp(claiming(OTHER)))
        .hasMessageContaining(
            "fetching NodePublishSecretRef vault/missing failed: secrets \"missing\" not found");
  }

  @ParameterizedTest
  @CsvSource({
    ", ext4, ReadWriteOnce, 4711",
    ", '', ReadWriteOnce, 0",
    ", ext4, ReadWriteMany, 0",
    "File, '', ReadWriteMany, 4711",
    "None, ext4, ReadWriteOnce, 0",
  })
  void isThePodsGroupsAsTheDriversPolicySays(String policy, String fsType, String mode, int group)
      throws IOException {
    driver(new CSIDriverSpecBuilder().withAttachRequired(false).withFsGroupPolicy(policy));
    var spec = objects.persistentVolumes.get("pv-1").getSpec();
    spec.setAccessModes(List.of(mode));
    spec.getCsi().setFsType(fsType);
    var pod =
        new PodBuilder(claiming(Pods.UID))
            .editSpec()
            .withNewSecurityContext()
            .withFsGroup(4711L)
            .endSecurityContext()
            .endSpec()
            .build();
    assertThat(Files.getAttribute(setUp(pod), "unix:gid")).isEqualTo(group);
  }

  @Test
  void livesAndDiesWithThePodWhereTheDriverHasSuchVolumes() throws IOException {
    var inline = inline();
    assertThatThrownBy(() -> setUp(inline))
        .hasMessageContaining(
            "volume mode \"Ephemeral\" not supported by driver driver.example (only supports Persistent)");
    objects.others.remove(DRIVER);
    assertThatThrownBy(() -> setUp(inline))
        .hasMessageContaining(
            "volume mode \"Ephemeral\" not supported by driver driver.example (no CSIDriver object)");
    driver(new CSIDriverSpecBuilder().withVolumeLifecycleModes("Ephemeral"));

    var path = setUp(inline);

    var handle = EPHEMERAL;
    assertThat(node.calls).containsExactly("publish " + handle + " from ");
    assertThat(node.readOnly).isTrue();
    assertThat(PodVolumes.isReadOnly(inline.getSpec().getVolumes().getFirst())).isTrue();
    assertThat(path).hasToString(root + "/pods/" + Pods.UID + "/volumes/kubernetes.io~csi/v/mount");
    volumes.release(Pods.UID).toCompletableFuture().join();
    assertThat(node.calls).last().isEqualTo("unpublish " + handle);
    assertThat(path).doesNotExist();
  }

  private static SecretReference secret(String name) {
    return new SecretReference(name, "vault");
  }

  private Path of(String uid) {
    return root.resolve("pods/" + uid + "/volumes/kubernetes.io~csi/pv-1");
  }

  private Path staged() {
    return root.resolve("plugins/kubernetes.io/csi/pv/pv-1/globalmount");
  }

  private Path setUp(Pod pod) {
    return volumes.setUp(pod).toCompletableFuture().join().paths().get("v");
  }

  private void driver(CSIDriverSpecBuilder spec) {
    objects.others.put(DRIVER, new CSIDriverBuilder().withSpec(spec.build()).build());
  }

  private void attachment(String name, boolean attached) {
    objects.others.put(
        name,
        new VolumeAttachmentBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewStatus()
            .withAttached(attached)
            .withAttachmentMetadata(Map.of("device", "sdx"))
            .endStatus()
            .build());
  }

  /** A volume of that size, and a claim whose file system has that one. */
  private void volume(String size, String fileSystem) {
    objects.persistentVolumes.put(
        "pv-1",
        new PersistentVolumeBuilder()
            .withNewMetadata()
            .withName("pv-1")
            .endMetadata()
            .withNewSpec()
            .addToCapacity("storage", new Quantity(size))
            .withAccessModes("ReadWriteOnce")
            .withMountOptions("noatime")
            .withNewClaimRef()
            .withUid("uid-claim")
            .endClaimRef()
            .withNewCsi()
            .withDriver(DRIVER)
            .withVolumeHandle("vol-1")
            .withFsType("ext4")
            .withVolumeAttributes(Map.of("kind", "fast"))
            .endCsi()
            .endSpec()
            .build());
    objects.claims.put(
        "claim",
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName("claim")
            .withUid("uid-claim")
            .endMetadata()
            .withNewSpec()
            .withVolumeName("pv-1")
            .endSpec()
            .withNewStatus()
            .withPhase("Bound")
            .addToCapacity("storage", new Quantity(fileSystem))
            .addNewCondition()
            .withType("FileSystemResizePending")
            .endCondition()
            .endStatus()
            .build());
  }

  private static Pod claiming(String uid) {
    var volume =
        new VolumeBuilder().withName("v").withNewPersistentVolumeClaim("claim", false).build();
    return new PodBuilder(Pods.with(volume))
        .editMetadata()
        .withUid(uid)
        .endMetadata()
        .editSpec()
        .withNodeName("node-1")
        .endSpec()
        .build();
  }

  private static Pod inline() {
    var volume =
        new VolumeBuilder()
            .withName("v")
            .withNewCsi()
            .withDriver(DRIVER)
            .withReadOnly(true)
            .endCsi()
            .build();
    return new PodBuilder(Pods.with(volume)).editSpec().withNodeName("node-1").endSpec().build();
  }
}
