package dev.jkubelet.volume;

import io.fabric8.kubernetes.api.model.NFSVolumeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An export of an NFS server, mounted below the pod's folder. */
final class NfsVolume {
  private static final String PLUGIN = "kubernetes.io~nfs";

  private final PodDirs dirs;
  private final MountCommand command;

  NfsVolume(PodDirs dirs, MountCommand command) {
    this.dirs = dirs;
    this.command = command;
  }

  /** Mounts it, or leaves it alone when an earlier call did. */
  Path setUp(String uid, String name, NFSVolumeSource source, List<String> mountOptions)
      throws IOException, InterruptedException {
    var dir = dirs.volume(uid, PLUGIN, name);
    EmptyDirVolume.makeDir(dir);
    if (!MountTable.read().isMountPoint(MountTable.canonical(dir))) {
      var options = new ArrayList<>(mountOptions);
      if (Boolean.TRUE.equals(source.getReadOnly())) {
        options.add("ro");
      }
      command.mount("nfs", source.getServer() + ":" + source.getPath(), dir, options);
    }
    return dir;
  }
}
