package dev.jkubelet.volume;

import dev.jkubelet.volume.csi.CsiDrivers;
import dev.jkubelet.volume.csi.CsiNode.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of the CSI volumes of a pod, whose object may be long gone: what is to be done says the
 * disk alone. What a driver has put there only a driver takes away, so without it they stay.
 */
final class CsiRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(CsiRemoval.class);

  static final String STAGED = "globalmount";

  private final PodDirs dirs;
  private final CsiDrivers drivers;
  private final VolumeTurns turns;
  private final CsiInUse inUse;

  CsiRemoval(PodDirs dirs, CsiDrivers drivers, VolumeTurns turns, CsiInUse inUse) {
    this.dirs = dirs;
    this.drivers = drivers;
    this.turns = turns;
    this.inUse = inUse;
  }

  /** Counts as in use what an agent before this one has left; what can't be read is told. */
  void countLeft() {
    try {
      for (var pod : folders(dirs.pods())) {
        for (var dir : folders(pod.resolve("volumes").resolve(CsiMount.PLUGIN))) {
          CsiVolumeData.read(dir)
              .filter(CsiVolumeData::isPersistent)
              .ifPresent(data -> inUse.add(data.uniqueName()));
        }
      }
    } catch (IOException unreadable) {
      LOG.warn("volumes that are left can't be looked for: {}", unreadable.toString());
    }
  }

  /** Unpublishes all that the pod has, and unstages what no other pod has. */
  void tearDown(String uid) throws IOException, InterruptedException {
    for (var dir : folders(dirs.volumes(uid).resolve(CsiMount.PLUGIN))) {
      var data = CsiVolumeData.read(dir);
      if (data.isPresent()) {
        try (var _ = turns.take(data.get().uniqueName())) {
          tearDown(uid, dir, data.get());
        }
      }
    }
  }

  private void tearDown(String uid, Path dir, CsiVolumeData data)
      throws IOException, InterruptedException {
    var target = dir.resolve("mount");
    Files.deleteIfExists(dirs.ready(uid, CsiMount.PLUGIN, dir.getFileName().toString()));
    drivers.get(data.driver()).unpublish(data.handle(), target.toString());
    remove(target);
    if (data.isPersistent() && !isHeldByOthers(uid, data)) {
      unstage(data);
      inUse.remove(data.uniqueName());
    }
    CsiVolumeData.delete(dir); // last: until then it is tried again
    Files.deleteIfExists(dir);
  }

  private void unstage(CsiVolumeData data) throws IOException, InterruptedException {
    var dir = dirs.csi(data.name());
    if (!CsiVolumeData.isIn(dir)) {
      return;
    }
    var staged = dir.resolve(STAGED);
    var node = drivers.get(data.driver());
    if (node.capabilities().contains(Capability.STAGE_UNSTAGE_VOLUME)) {
      node.unstage(data.handle(), staged.toString());
    }
    remove(staged);
    CsiVolumeData.delete(dir);
    Files.deleteIfExists(dir);
  }

  private boolean isHeldByOthers(String uid, CsiVolumeData data) throws IOException {
    for (var pod : folders(dirs.pods())) {
      var other = pod.resolve("volumes").resolve(CsiMount.PLUGIN).resolve(data.name());
      if (!pod.getFileName().toString().equals(uid)
          && CsiVolumeData.read(other).filter(data::isSameVolume).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** An empty folder: what is still mounted or holds something is never deleted. */
  private static void remove(Path dir) throws IOException {
    if (Files.exists(dir, LinkOption.NOFOLLOW_LINKS)
        && MountTable.read().isMountPoint(MountTable.canonical(dir))) {
      throw new IOException("the driver has left a mount at " + dir);
    }
    Files.deleteIfExists(dir);
  }

  private static List<Path> folders(Path dir) throws IOException {
    if (!Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (var entries = Files.list(dir)) {
      return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }
}
