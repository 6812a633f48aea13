package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.NodeSnapshot.VolumeUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What occupies the disks, as last walked over.
 *
 * @param machine every file system that is counted
 * @param nodeFs that of {@code --root-dir}
 * @param imageFs that of the engine's images; its usage is the images'
 * @param containers each one's share, by the engine's id
 * @param volumes by the pod's UID
 */
record DiskUsage(
    List<Filesystem> machine,
    Optional<Filesystem> nodeFs,
    Optional<Filesystem> imageFs,
    Map<String, Filesystem> containers,
    Map<String, List<VolumeUsage>> volumes) {
  /** Before the first walk. */
  static final DiskUsage NONE =
      new DiskUsage(List.of(), Optional.empty(), Optional.empty(), Map.of(), Map.of());
}
