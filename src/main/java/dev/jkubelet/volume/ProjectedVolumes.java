package dev.jkubelet.volume;

import dev.jkubelet.model.Allocatable;
import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Volumes whose files the agent writes, and containers can only read: ConfigMaps, Secrets, the
 * downward API, tokens of service accounts, and several of them in one folder. All but ConfigMaps
 * never touch a disk.
 */
final class ProjectedVolumes {
  private static final int DEFAULT_MODE = 0644;

  private final PodDirs dirs;
  private final ObjectFiles objects;
  private final TokenFiles tokens;
  private final Allocatable allocatable;

  ProjectedVolumes(PodDirs dirs, ObjectSource objects, Allocatable allocatable) {
    this.dirs = dirs;
    this.objects = new ObjectFiles(objects);
    this.tokens = new TokenFiles(objects);
    this.allocatable = allocatable;
  }

  static boolean is(Volume volume) {
    return volume.getConfigMap() != null
        || volume.getSecret() != null
        || volume.getDownwardAPI() != null
        || volume.getProjected() != null;
  }

  /**
   * @param fsGroup the group that owns the files, of {@code spec.securityContext}
   * @param renewals hears when a token in it grows old
   */
  Path setUp(Pod pod, Volume volume, Optional<Long> fsGroup, Consumer<Instant> renewals)
      throws IOException, InterruptedException {
    var dir = write(pod, volume, renewals);
    if (fsGroup.isPresent()) {
      Ownership.give(dir, fsGroup.get(), Ownership.Access.READ_ONLY);
    }
    return dir;
  }

  private Path write(Pod pod, Volume volume, Consumer<Instant> renewals)
      throws IOException, InterruptedException {
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
      var source = volume.getDownwardAPI();
      return write(
          pod,
          volume,
          "downward-api",
          downward(pod, source.getItems(), mode(source.getDefaultMode())));
    }
    return write(pod, volume, "projected", projected(pod, volume.getProjected(), renewals));
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

  private Map<String, AtomicFiles.Content> projected(
      Pod pod, ProjectedVolumeSource source, Consumer<Instant> renewals)
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
        files.putAll(downward(pod, part.getDownwardAPI().getItems(), mode));
      } else if (part.getServiceAccountToken() != null) {
        files.putAll(tokens.of(pod, part.getServiceAccountToken(), mode, renewals));
      } else {
        throw new IOException(
            "projected.sources[]: expected configMap, secret, downwardAPI or serviceAccountToken,"
                + " others are not supported");
      }
    }
    return files;
  }

  private Map<String, AtomicFiles.Content> downward(
      Pod pod, List<DownwardAPIVolumeFile> items, int mode) throws IOException {
    return new DownwardApiFiles(pod, allocatable).of(items, mode);
  }

  private static int mode(Integer given) {
    return Optional.ofNullable(given).orElse(DEFAULT_MODE);
  }
}
