package dev.jkubelet.volume;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Volumes that outlive pods, which a claim leads to: folders of the host, and NFS exports. */
final class PersistentVolumes {
  private final ObjectSource objects;
  private final NfsVolume nfs;

  PersistentVolumes(ObjectSource objects, NfsVolume nfs) {
    this.objects = objects;
    this.nfs = nfs;
  }

  /**
   * Finds it, or mounts it.
   *
   * @param name of the pod's volume
   */
  Path setUp(Pod pod, String name, PersistentVolumeClaimVolumeSource source)
      throws IOException, InterruptedException {
    var volume = volume(PodKey.of(pod), source.getClaimName());
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
    throw new IOException(
        "persistent volumes are supported of types hostPath, local and nfs, unlike "
            + volume.getMetadata().getName());
  }

  private PersistentVolume volume(PodKey pod, String claimName)
      throws IOException, InterruptedException {
    var claim =
        ObjectFiles.await(objects.claim(pod, claimName))
            .orElseThrow(
                () -> new IOException("persistentvolumeclaim \"" + claimName + "\" not found"));
    var name = claim.getSpec().getVolumeName();
    var phase = claim.getStatus() == null ? null : claim.getStatus().getPhase();
    if (claim.getMetadata().getDeletionTimestamp() != null) {
      throw new IOException("persistentvolumeclaim \"" + claimName + "\" is being deleted");
    }
    if (!"Bound".equals(phase) || name == null || name.isEmpty()) {
      throw new IOException("persistentvolumeclaim \"" + claimName + "\" is not bound");
    }
    var volume =
        ObjectFiles.await(objects.persistentVolume(name))
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
