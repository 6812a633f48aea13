package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.AzureDiskVolumeSource;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.function.Consumer;

/** The API's defaults for volumes. */
final class VolumeDefaults {
  /** 0644 in octal. */
  private static final int MODE = 420;

  private static final long TOKEN_SECONDS = 3600;

  private VolumeDefaults() {}

  static void apply(Volume volume) {
    if (VolumeSources.of(volume).isEmpty()) {
      volume.setEmptyDir(new EmptyDirVolumeSource());
    }
    var hostPath = volume.getHostPath();
    if (hostPath != null && hostPath.getType() == null) {
      hostPath.setType("");
    }
    var secret = volume.getSecret();
    if (secret != null && secret.getDefaultMode() == null) {
      secret.setDefaultMode(MODE);
    }
    var configMap = volume.getConfigMap();
    if (configMap != null && configMap.getDefaultMode() == null) {
      configMap.setDefaultMode(MODE);
    }
    var downward = volume.getDownwardAPI();
    if (downward != null) {
      if (downward.getDefaultMode() == null) {
        downward.setDefaultMode(MODE);
      }
      downward.getItems().forEach(VolumeDefaults::item);
    }
    if (volume.getProjected() != null) {
      projected(volume.getProjected());
    }
    remote(volume);
  }

  /** Of the kinds that others than the node provide. */
  private static void remote(Volume volume) {
    var iscsi = volume.getIscsi();
    if (iscsi != null) {
      orElse(iscsi.getIscsiInterface(), "default", iscsi::setIscsiInterface);
    }
    var rbd = volume.getRbd();
    if (rbd != null) {
      orElse(rbd.getPool(), "rbd", rbd::setPool);
      orElse(rbd.getUser(), "admin", rbd::setUser);
      orElse(rbd.getKeyring(), "/etc/ceph/keyring", rbd::setKeyring);
    }
    var scaleIo = volume.getScaleIO();
    if (scaleIo != null) {
      orElse(scaleIo.getStorageMode(), "ThinProvisioned", scaleIo::setStorageMode);
      orElse(scaleIo.getFsType(), "xfs", scaleIo::setFsType);
    }
    if (volume.getAzureDisk() != null) {
      azureDisk(volume.getAzureDisk());
    }
    var claim =
        volume.getEphemeral() == null ? null : volume.getEphemeral().getVolumeClaimTemplate();
    if (claim != null && claim.getSpec() != null && claim.getSpec().getVolumeMode() == null) {
      claim.getSpec().setVolumeMode("Filesystem");
    }
  }

  /** Its optional fields are pointers in the API: an empty text is a value. */
  private static void azureDisk(AzureDiskVolumeSource disk) {
    if (disk.getCachingMode() == null) {
      disk.setCachingMode("ReadWrite");
    }
    if (disk.getKind() == null) {
      disk.setKind("Shared");
    }
    if (disk.getFsType() == null) {
      disk.setFsType("ext4");
    }
    if (disk.getReadOnly() == null) {
      disk.setReadOnly(false);
    }
  }

  private static void orElse(String value, String otherwise, Consumer<String> set) {
    if (PodDefaults.isEmpty(value)) {
      set.accept(otherwise);
    }
  }

  private static void projected(ProjectedVolumeSource projected) {
    if (projected.getDefaultMode() == null) {
      projected.setDefaultMode(MODE);
    }
    for (var source : projected.getSources()) {
      if (source.getDownwardAPI() != null) {
        source.getDownwardAPI().getItems().forEach(VolumeDefaults::item);
      }
      var token = source.getServiceAccountToken();
      if (token != null && token.getExpirationSeconds() == null) {
        token.setExpirationSeconds(TOKEN_SECONDS);
      }
    }
  }

  private static void item(DownwardAPIVolumeFile file) {
    PodDefaults.fieldRef(file.getFieldRef());
  }
}
