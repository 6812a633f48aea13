package dev.jkubelet.volume;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Volumes whose files the agent writes, and containers can only read: ConfigMaps, Secrets, the
 * downward API, and several of them in one folder. All but ConfigMaps never touch a disk.
 */
final class ProjectedVolumes {
  private static final int DEFAULT_MODE = 0644;

  private final PodDirs dirs;
  private final ObjectFiles objects;

  ProjectedVolumes(PodDirs dirs, ObjectSource objects) {
    this.dirs = dirs;
    this.objects = new ObjectFiles(objects);
  }

  static boolean is(Volume volume) {
    return volume.getConfigMap() != null
        || volume.getSecret() != null
        || volume.getDownwardAPI() != null
        || volume.getProjected() != null;
  }

  /**
   * @param fsGroup the group that owns the files, of {@code spec.securityContext}
   */
  Path setUp(Pod pod, Volume volume, Optional<Long> fsGroup)
      throws IOException, InterruptedException {
    var dir = write(pod, volume);
    if (fsGroup.isPresent()) {
      Ownership.give(dir, fsGroup.get(), Ownership.Access.READ_ONLY);
    }
    return dir;
  }

  private Path write(Pod pod, Volume volume) throws IOException, InterruptedException {
    var key = PodKey.of(pod);
    if (volume.getConfigMap() != null) {
      var source = volume.getConfigMap();
      return write(
          pod, volume, "configmap", objects.of(key, source, mode(source.getDefaultMode())));
    }
    if (volume.getSecret() != null) {
      var source = volume.getSecret();
      return write(pod, volume, "secret", objects.of(key, source, mode(source.getDefaultMode())));
    }
    if (volume.getDownwardAPI() != null) {
      return write(pod, volume, "downward-api", downward(pod, volume.getDownwardAPI()));
    }
    return write(pod, volume, "projected", projected(pod, volume.getProjected()));
  }

  private Path write(Pod pod, Volume volume, String plugin, Map<String, AtomicFiles.Content> files)
      throws IOException {
    var uid = pod.getMetadata().getUid();
    var dir = dirs.volume(uid, "kubernetes.io~" + plugin, volume.getName());
    if (plugin.equals("configmap")) {
      EmptyDirVolume.makeDir(dir);
    } else {
      EmptyDirVolume.mountSmallFiles(dir);
    }
    AtomicFiles.write(dir, files);
    return dir;
  }

  private Map<String, AtomicFiles.Content> projected(Pod pod, ProjectedVolumeSource source)
      throws IOException, InterruptedException {
    int mode = mode(source.getDefaultMode());
    var key = PodKey.of(pod);
    var files = new LinkedHashMap<String, AtomicFiles.Content>();
    for (var part : source.getSources()) {
      if (part.getConfigMap() != null) {
        files.putAll(objects.of(key, part.getConfigMap(), mode));
      } else if (part.getSecret() != null) {
        files.putAll(objects.of(key, part.getSecret(), mode));
      } else if (part.getDownwardAPI() != null) {
        files.putAll(DownwardApiFiles.of(pod, part.getDownwardAPI().getItems(), mode));
      } else {
        throw new IOException(
            "projected.sources[]: expected configMap, secret or downwardAPI, others are not"
                + " supported");
      }
    }
    return files;
  }

  private static Map<String, AtomicFiles.Content> downward(Pod pod, DownwardAPIVolumeSource source)
      throws IOException {
    return DownwardApiFiles.of(pod, source.getItems(), mode(source.getDefaultMode()));
  }

  private static int mode(Integer given) {
    return Optional.ofNullable(given).orElse(DEFAULT_MODE);
  }
}
