package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Volumes that outlive pods, which a claim leads to: folders of the host, NFS exports, and those of
 * CSI drivers.
 */
final class PersistentVolumes {
  /** As often as the kubelet looks at a pod. */
  private static final Duration RESIZE_CHECK = Duration.ofMinutes(1);

  private final ObjectSource objects;
  private final NfsVolume nfs;
  private final CsiVolumes csi;

  PersistentVolumes(ObjectSource objects, NfsVolume nfs, CsiVolumes csi) {
    this.objects = objects;
    this.nfs = nfs;
    this.csi = csi;
  }

  /**
   * Finds it, or mounts it.
   *
   * @param name of the pod's volume
   * @param renewals is told when to look at it again, for it may have to be made larger
   */
  Path setUp(
      Pod pod, String name, PersistentVolumeClaimVolumeSource source, Consumer<Instant> renewals)
      throws IOException, InterruptedException {
    var claim = claim(pod.getMetadata().getNamespace(), source.getClaimName());
    var volume = volume(claim);
    var spec = volume.getSpec();
    if ("Block".equals(spec.getVolumeMode())) {
      throw new IOException("volumes of mode Block are not supported");
    }
    if (spec.getHostPath() != null) {
      return HostPathVolume.setUp(spec.getHostPath());
    }
    if (spec.getLocal() != null) {
      var dir =
          HostPathVolume.setUp(new HostPathVolumeSource(spec.getLocal().getPath(), "Directory"));
      if (!isReadOnly(source, spec.getAccessModes())) {
        Ownership.give(dir, pod.getSpec().getSecurityContext());
      }
      return dir;
    }
    if (spec.getNfs() != null) {
      return nfs.setUp(
          pod.getMetadata().getUid(),
          name,
          spec.getNfs(),
          Optional.ofNullable(spec.getMountOptions()).orElse(List.of()));
    }
    if (spec.getCsi() != null) {
      renewals.accept(Instant.now().plus(RESIZE_CHECK));
      return csi.setUp(pod, volume, claim, Boolean.TRUE.equals(source.getReadOnly()));
    }
    throw new IOException(
        "persistent volumes are supported of types hostPath, local, nfs and csi, unlike "
            + volume.getMetadata().getName());
  }

  private PersistentVolumeClaim claim(String namespace, String name)
      throws IOException, InterruptedException {
    return ObjectFiles.await(objects.now(PersistentVolumeClaim.class, namespace, name))
        .orElseThrow(() -> new IOException("persistentvolumeclaim \"" + name + "\" not found"));
  }

  private PersistentVolume volume(PersistentVolumeClaim claim)
      throws IOException, InterruptedException {
    var claimName = claim.getMetadata().getName();
    var name = claim.getSpec().getVolumeName();
    var phase = claim.getStatus() == null ? null : claim.getStatus().getPhase();
    if (claim.getMetadata().getDeletionTimestamp() != null) {
      throw new IOException("persistentvolumeclaim \"" + claimName + "\" is being deleted");
    }
    if (!"Bound".equals(phase) || name == null || name.isEmpty()) {
      throw new IOException("persistentvolumeclaim \"" + claimName + "\" is not bound");
    }
    var volume =
        ObjectFiles.await(objects.now(PersistentVolume.class, null, name))
            .orElseThrow(() -> new IOException("persistentvolume \"" + name + "\" not found"));
    var bound = volume.getSpec().getClaimRef();
    if (bound == null || !claim.getMetadata().getUid().equals(bound.getUid())) {
      throw new IOException(
          "persistentvolume \"" + name + "\" is not bound to claim \"" + claimName + "\"");
    }
    return volume;
  }

  private static boolean isReadOnly(
      PersistentVolumeClaimVolumeSource source, List<String> accessModes) {
    return Boolean.TRUE.equals(source.getReadOnly()) || List.of("ReadOnlyMany").equals(accessModes);
  }
}
