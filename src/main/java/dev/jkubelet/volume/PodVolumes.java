package dev.jkubelet.volume;

import dev.jkubelet.model.Allocatable;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.volume.csi.CsiDrivers;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The folders and volumes of pods, laid out under {@code <root-dir>/pods/<uid>} as the kubelet does
 * it. Nothing is remembered: the disk and the mount table say what is there, so every call can be
 * repeated, also by an agent that was just started.
 *
 * <p>One call at a time per pod: another one meanwhile fails and may be tried again.
 */
public final class PodVolumes {
  private final PodDirs dirs;
  private final EmptyDirVolume emptyDir;
  private final ProjectedVolumes projected;
  private final NfsVolume nfs;
  private final CsiDrivers drivers = new CsiDrivers();
  private final CsiInUse inUse = new CsiInUse();
  private final CsiVolumes csi;
  private final CsiRemoval csiRemoval;
  private final PersistentVolumes persistent;
  private final BlockingCalls calls;
  private final Duration limit;
  private final ExclusiveCalls exclusive;
  private final VolumeListener listener;

  /**
   * Works below one root folder.
   *
   * @param rootDir {@code --root-dir}
   * @param objects what volumes are made of that is not on this machine
   * @param allocatable what pods are told of containers without limits
   * @param limit how long one call may take before its stage fails
   * @param listener hears what is done with each volume
   */
  public PodVolumes(
      Path rootDir,
      ObjectSource objects,
      Allocatable allocatable,
      BlockingCalls calls,
      Duration limit,
      VolumeListener listener) {
    this.dirs = new PodDirs(rootDir.toAbsolutePath().normalize());
    this.emptyDir = new EmptyDirVolume(dirs);
    this.projected = new ProjectedVolumes(dirs, objects, allocatable);
    this.nfs = new NfsVolume(dirs, new MountCommand("mount", limit));
    var turns = new VolumeTurns(limit);
    this.csi = new CsiVolumes(dirs, new CsiObjects(objects), drivers, turns, inUse, listener);
    this.csiRemoval = new CsiRemoval(dirs, drivers, turns, inUse);
    this.persistent = new PersistentVolumes(objects, nfs, csi);
    this.calls = calls;
    this.limit = limit;
    this.exclusive = new ExclusiveCalls(calls, limit);
    this.listener = listener;
  }

  /**
   * Makes the pod's folders and volumes; what an earlier call made stays as it is. All volumes are
   * tried even if one fails.
   *
   * @return all volumes of the pod's spec; fails with a {@link VolumeException}
   */
  public CompletionStage<MountedVolumes> setUp(Pod pod) {
    var uid = pod.getMetadata().getUid();
    return alone(uid, "set up the volumes of pod " + uid, () -> makeAll(pod, uid));
  }

  /** Unmounts and deletes all that the pod has under the root folder. */
  public CompletionStage<Void> tearDown(String podUid) {
    return remove(podUid, () -> List.of(dirs.pod(podUid)));
  }

  /** Unmounts and deletes the volumes alone: what else is known of a pod that is over stays. */
  public CompletionStage<Void> release(String podUid) {
    return remove(podUid, () -> dirs.ofVolumes(podUid));
  }

  private CompletionStage<Void> remove(String podUid, Supplier<List<Path>> folders) {
    return alone(
        podUid,
        "remove the volumes of pod " + podUid,
        () -> {
          var begun = System.nanoTime();
          var failed = true;
          try {
            Unmounting.all(dirs.subPaths(podUid));
            csiRemoval.tearDown(podUid);
            Unmounting.all(dirs.pod(podUid));
            for (var folder : folders.get()) {
              FileTree.remove(folder);
            }
            failed = false;
          } finally {
            listener.unmounted(podUid, since(begun), failed);
          }
          return null;
        });
  }

  /** Who makes volumes of type CSI: none until some have registered. */
  public CsiDrivers drivers() {
    return drivers;
  }

  /**
   * The attached volumes that pods have or are about to have, for the node's status; looks on the
   * disk for those of an agent before this one.
   *
   * @param onChange run when they are others, on any thread; must not block
   */
  public Supplier<List<String>> inUse(Runnable onChange) {
    csiRemoval.countLeft();
    inUse.onChange(onChange);
    return inUse::names;
  }

  /** The UIDs of the pods that have a folder, gone pods included. */
  public CompletionStage<List<String>> podUids() {
    return calls.call("list " + dirs.pods(), limit, this::list);
  }

  /** Whether containers may only read such a volume, whatever their volumeMounts say. */
  static boolean isReadOnly(Volume volume) {
    return ProjectedVolumes.is(volume)
        || (volume.getPersistentVolumeClaim() != null
            && Boolean.TRUE.equals(volume.getPersistentVolumeClaim().getReadOnly()))
        || (volume.getCsi() != null && Boolean.TRUE.equals(volume.getCsi().getReadOnly()))
        || (volume.getNfs() != null && Boolean.TRUE.equals(volume.getNfs().getReadOnly()));
  }

  private <T> CompletionStage<T> alone(String uid, String what, Callable<T> work) {
    return exclusive.call(
        uid,
        what,
        () -> {
          PodDirs.component("metadata.uid", uid);
          return work.call();
        });
  }

  private MountedVolumes makeAll(Pod pod, String uid) throws IOException, InterruptedException {
    listener.wanted(
        uid,
        pod.getSpec().getVolumes().stream()
            .collect(Collectors.toMap(Volume::getName, VolumeType::plugin, (one, _) -> one)));
    dirs.create(uid);
    var paths = new HashMap<String, Path>();
    var renewals = new TreeSet<Instant>();
    VolumeException failed = null;
    for (var volume : pod.getSpec().getVolumes()) {
      var begun = System.nanoTime();
      try {
        paths.put(volume.getName(), make(pod, uid, volume, renewals::add));
        listener.mounted(uid, volume.getName(), since(begun), false);
      } catch (IOException | RuntimeException cause) {
        listener.mounted(uid, volume.getName(), since(begun), true);
        var failure =
            cause instanceof VolumeException told
                ? told
                : VolumeException.failedMount(volume.getName(), cause);
        if (failed == null) {
          failed = failure;
        } else {
          failed.addSuppressed(failure);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
    return new MountedVolumes(Map.copyOf(paths), renewals.stream().findFirst());
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private Path make(Pod pod, String uid, Volume volume, Consumer<Instant> renewals)
      throws IOException, InterruptedException {
    var name = PodDirs.component("spec.volumes[].name", volume.getName());
    var fsGroup =
        Optional.ofNullable(pod.getSpec().getSecurityContext()).map(PodSecurityContext::getFsGroup);
    if (volume.getEmptyDir() != null) {
      return emptyDir.setUp(pod, name, volume.getEmptyDir(), fsGroup);
    }
    if (volume.getHostPath() != null) {
      return HostPathVolume.setUp(volume.getHostPath());
    }
    if (volume.getPersistentVolumeClaim() != null) {
      return persistent.setUp(pod, name, volume.getPersistentVolumeClaim(), renewals);
    }
    if (volume.getCsi() != null) {
      return csi.setUp(pod, name, volume.getCsi());
    }
    if (volume.getNfs() != null) {
      return nfs.setUp(uid, name, volume.getNfs(), List.of());
    }
    if (ProjectedVolumes.is(volume)) {
      return projected.setUp(pod, volume, fsGroup, renewals);
    }
    var type = VolumeType.of(volume);
    if (type.isEmpty()) { // the API's default for a volume without a source
      return emptyDir.setUp(pod, name, new EmptyDirVolumeSource(), fsGroup);
    }
    throw new IOException("volumes of type " + type.get() + " are not supported");
  }

  private List<String> list() throws IOException {
    if (!Files.isDirectory(dirs.pods())) {
      return List.of();
    }
    try (var entries = Files.list(dirs.pods())) {
      return entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .map(entry -> entry.getFileName().toString())
          .filter(PodDirs::isComponent)
          .sorted()
          .toList();
    }
  }
}
