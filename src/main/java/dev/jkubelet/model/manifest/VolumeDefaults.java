package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;

/** The API's defaults for volumes of the kinds that a node mounts by itself. */
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
    PodDefaults.resourceFieldRef(file.getResourceFieldRef());
  }
}
