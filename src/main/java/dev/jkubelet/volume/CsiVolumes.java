package dev.jkubelet.volume;

import dev.jkubelet.grpc.GrpcFailure;
import dev.jkubelet.volume.csi.CsiDrivers;
import dev.jkubelet.volume.csi.CsiNode;
import dev.jkubelet.volume.csi.CsiNode.Capability;
import io.fabric8.kubernetes.api.model.CSIVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretReference;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Volumes that a driver on the node makes: staged once for the node where the driver does that,
 * published for each pod, as the kubelet 1.20 does it. Every call may be repeated: a driver must
 * take it that it has done something already.
 */
final class CsiVolumes {
  private static final String DEVICE = "MountVolume.MountDevice";
  private static final String SET_UP = "MountVolume.SetUp";
  private static final String ATTACH = "MountVolume.WaitForAttach";
  private static final String EXPAND = "MountVolume.NodeExpandVolume";

  private final PodDirs dirs;
  private final CsiObjects objects;
  private final CsiDrivers drivers;
  private final VolumeTurns turns;
  private final CsiInUse inUse;
  private final VolumeListener listener;

  CsiVolumes(
      PodDirs dirs,
      CsiObjects objects,
      CsiDrivers drivers,
      VolumeTurns turns,
      CsiInUse inUse,
      VolumeListener listener) {
    this.dirs = dirs;
    this.objects = objects;
    this.drivers = drivers;
    this.turns = turns;
    this.inUse = inUse;
    this.listener = listener;
  }

  /** A volume that a claim leads to; one that is there already is only made larger, if it must. */
  Path setUp(Pod pod, PersistentVolume volume, PersistentVolumeClaim claim, boolean readOnly)
      throws IOException, InterruptedException {
    var mount = CsiMount.of(pod, volume, readOnly, dirs);
    try (var _ = turns.take(mount.data().uniqueName())) {
      if (!mount.isReady()) {
        var driver = objects.driver(mount.data().driver());
        check(mount, driver);
        publish(stage(attach(mount, driver)), driver);
      }
      if (!readOnly) {
        expand(mount, volume, claim);
      }
      return mount.target();
    }
  }

  /** A volume of the pod's own. */
  Path setUp(Pod pod, String name, CSIVolumeSource source)
      throws IOException, InterruptedException {
    var mount = CsiMount.of(pod, name, source, dirs);
    if (!mount.isReady()) {
      var driver = objects.driver(source.getDriver());
      check(mount, driver);
      record(mount);
      publish(new Staged(mount, ""), driver);
    }
    return mount.target();
  }

  /** A driver that says nothing of the kinds of its volumes has persistent ones only. */
  private static void check(CsiMount mount, Optional<CSIDriverSpec> driver) throws IOException {
    var mode = mount.data().lifecycle().text();
    var name = mount.data().driver();
    var modes =
        driver
            .map(CSIDriverSpec::getVolumeLifecycleModes)
            .filter(told -> !told.isEmpty())
            .orElse(List.of("Persistent"));
    if (!modes.contains(mode)) {
      throw new IOException(
          "volume mode \"%s\" not supported by driver %s (%s)"
              .formatted(
                  mode,
                  name,
                  driver.isEmpty()
                      ? "no CSIDriver object"
                      : "only supports " + String.join(", ", modes)));
    }
  }

  private CsiMount attach(CsiMount mount, Optional<CSIDriverSpec> driver)
      throws IOException, InterruptedException {
    if (!CsiObjects.mustBeAttached(driver)) {
      return mount;
    }
    inUse.add(mount.data().uniqueName());
    try {
      return mount.attached(objects.attached(mount.data()));
    } catch (IOException failure) {
      throw failed(ATTACH, mount, failure.getMessage(), failure);
    }
  }

  /**
   * What is to be published.
   *
   * @param path empty where nothing is staged
   */
  private record Staged(CsiMount mount, String path) {}

  private Staged stage(CsiMount mount) throws IOException, InterruptedException {
    record(mount);
    var dir = dirs.csi(mount.data().name());
    try {
      var node = drivers.get(mount.data().driver());
      PodDirs.makeAll(dir.resolve(CsiRemoval.STAGED));
      mount.data().writeStaged(dir);
      var path = stagingPath(node, mount);
      if (!path.isEmpty()) {
        node.stage(mount.volume(), path, secret("NodeStageSecretRef", mount.stageSecret()));
      }
      return new Staged(mount, path);
    } catch (GrpcFailure refused) {
      throw failed(DEVICE, mount, refused.getMessage(), refused);
    } catch (IOException failure) {
      throw failed(
          DEVICE,
          mount,
          "kubernetes.io/csi: attacher.MountDevice failed: " + failure.getMessage(),
          failure);
    }
  }

  private String stagingPath(CsiNode node, CsiMount mount) throws InterruptedException {
    return node.capabilities().contains(Capability.STAGE_UNSTAGE_VOLUME)
        ? dirs.csi(mount.data().name()).resolve(CsiRemoval.STAGED).toString()
        : "";
  }

  /** From now on it is to be let go of, whatever comes of it. */
  private static void record(CsiMount mount) throws IOException {
    PodDirs.makeAll(mount.dir());
    mount.data().write(mount.dir());
  }

  private void publish(Staged staged, Optional<CSIDriverSpec> driver)
      throws IOException, InterruptedException {
    var mount =
        driver.map(CSIDriverSpec::getPodInfoOnMount).orElse(false)
            ? staged.mount().withPodInfo()
            : staged.mount();
    try {
      var node = drivers.get(mount.data().driver());
      node.publish(
          mount.volume(),
          staged.path(),
          mount.target().toString(),
          mount.readOnly(),
          secret("NodePublishSecretRef", mount.publishSecret()));
    } catch (GrpcFailure refused) {
      throw failed(SET_UP, mount, refused.getMessage(), refused);
    } catch (IOException failure) {
      throw failed(
          SET_UP,
          mount,
          "kubernetes.io/csi: mounter.SetUpAt failed: " + failure.getMessage(),
          failure);
    }
    if (mount.isGivenToGroup(driver)) {
      Ownership.give(mount.target(), mount.pod().getSpec().getSecurityContext());
    }
    PodDirs.makeAll(mount.ready().getParent());
    Files.write(mount.ready(), new byte[0]);
  }

  private Map<String, String> secret(String field, SecretReference reference)
      throws IOException, InterruptedException {
    return reference == null
        ? Map.of()
        : objects.secret(field, reference.getNamespace(), reference.getName());
  }

  /** What a driver that can't does elsewhere, and says so in the claim by itself. */
  private void expand(CsiMount mount, PersistentVolume volume, PersistentVolumeClaim claim)
      throws IOException, InterruptedException {
    var size = CsiObjects.pendingSize(volume, claim);
    if (size.isEmpty()) {
      return;
    }
    try {
      var node = drivers.get(mount.data().driver());
      if (node.capabilities().contains(Capability.EXPAND_VOLUME)) {
        node.expand(
            mount.volume(), mount.target().toString(), stagingPath(node, mount), size.getAsLong());
        listener.grown(mount.pod(), claim);
        objects.resized(volume, claim);
      }
    } catch (IOException | GrpcFailure failure) {
      throw failed(EXPAND, mount, failure.getMessage(), failure);
    }
  }

  private static VolumeException failed(String step, CsiMount mount, String why, Exception cause) {
    return VolumeException.failedMount(step, mount.data().name(), why, cause);
  }
}
