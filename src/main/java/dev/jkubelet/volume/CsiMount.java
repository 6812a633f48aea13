package dev.jkubelet.volume;

import dev.jkubelet.volume.csi.CsiNode;
import io.fabric8.kubernetes.api.model.CSIVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretReference;
import io.fabric8.kubernetes.api.model.storage.CSIDriverSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One CSI volume as one pod wants it.
 *
 * @param stageSecret null for none
 * @param publishSecret null for none
 * @param dir what belongs to it in the pod's folder
 * @param ready the file that says it is all done
 */
record CsiMount(
    Pod pod,
    CsiVolumeData data,
    CsiNode.Volume volume,
    List<String> accessModes,
    boolean readOnly,
    SecretReference stageSecret,
    SecretReference publishSecret,
    Path dir,
    Path ready) {
  static final String PLUGIN = "kubernetes.io~csi";
  private static final String POD_INFO = "csi.storage.k8s.io/";

  static CsiMount of(Pod pod, PersistentVolume persistent, boolean readOnly, PodDirs dirs) {
    var spec = persistent.getSpec();
    var source = spec.getCsi();
    var name = persistent.getMetadata().getName();
    var modes = Optional.ofNullable(spec.getAccessModes()).orElse(List.of());
    return new CsiMount(
        pod,
        CsiVolumeData.persistent(
            name, source.getDriver(), source.getVolumeHandle(), pod.getSpec().getNodeName()),
        new CsiNode.Volume(
            source.getVolumeHandle(),
            Map.of(),
            orEmpty(source.getVolumeAttributes()),
            orEmpty(source.getFsType()),
            Optional.ofNullable(spec.getMountOptions()).orElse(List.of()),
            modes.isEmpty() ? "ReadWriteOnce" : modes.getFirst()),
        modes,
        readOnly,
        source.getNodeStageSecretRef(),
        source.getNodePublishSecretRef(),
        dirs.volume(pod.getMetadata().getUid(), PLUGIN, name),
        dirs.ready(pod.getMetadata().getUid(), PLUGIN, name));
  }

  /** A volume that lives as long as its pod. */
  static CsiMount of(Pod pod, String name, CSIVolumeSource source, PodDirs dirs) {
    var uid = pod.getMetadata().getUid();
    var data = CsiVolumeData.ephemeral(uid, name, source.getDriver(), pod.getSpec().getNodeName());
    return new CsiMount(
        pod,
        data,
        new CsiNode.Volume(
            data.handle(),
            Map.of(),
            orEmpty(source.getVolumeAttributes()),
            orEmpty(source.getFsType()),
            List.of(),
            "ReadWriteOnce"),
        List.of(),
        Boolean.TRUE.equals(source.getReadOnly()),
        null,
        Optional.ofNullable(source.getNodePublishSecretRef())
            .map(secret -> new SecretReference(secret.getName(), pod.getMetadata().getNamespace()))
            .orElse(null),
        dirs.volume(uid, PLUGIN, name),
        dirs.ready(uid, PLUGIN, name));
  }

  /** Where it shows. */
  Path target() {
    return dir.resolve("mount");
  }

  boolean isReady() throws IOException {
    return Files.exists(ready) && MountTable.read().isMountPoint(MountTable.canonical(target()));
  }

  /** The same once it is known what attaching told. */
  CsiMount attached(Map<String, String> publishContext) {
    return with(
        new CsiNode.Volume(
            volume.handle(),
            publishContext,
            volume.context(),
            volume.fsType(),
            volume.mountOptions(),
            volume.accessMode()));
  }

  /** The same with what a driver wants to know of the pod. */
  CsiMount withPodInfo() {
    var context = new HashMap<>(volume.context());
    context.put(POD_INFO + "pod.name", pod.getMetadata().getName());
    context.put(POD_INFO + "pod.namespace", pod.getMetadata().getNamespace());
    context.put(POD_INFO + "pod.uid", pod.getMetadata().getUid());
    context.put(POD_INFO + "serviceAccount.name", orEmpty(pod.getSpec().getServiceAccountName()));
    context.put(POD_INFO + "ephemeral", String.valueOf(!data.isPersistent()));
    return with(
        new CsiNode.Volume(
            volume.handle(),
            volume.publishContext(),
            context,
            volume.fsType(),
            volume.mountOptions(),
            volume.accessMode()));
  }

  private CsiMount with(CsiNode.Volume newer) {
    return new CsiMount(
        pod, data, newer, accessModes, readOnly, stageSecret, publishSecret, dir, ready);
  }

  /** Whether the pod's fsGroup is to own it: unless the driver has a rule, where it is one disk. */
  boolean isGivenToGroup(Optional<CSIDriverSpec> driver) {
    if (readOnly) {
      return false;
    }
    return switch (driver.map(CSIDriverSpec::getFsGroupPolicy).orElse("")) {
      case "None" -> false;
      case "File" -> true;
      default -> !volume.fsType().isEmpty() && accessModes.contains("ReadWriteOnce");
    };
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static Map<String, String> orEmpty(Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
