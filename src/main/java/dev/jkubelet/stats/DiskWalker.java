package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerSample.DeviceIo;
import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.EngineContainers.Described;
import dev.jkubelet.stats.MountedFilesystems.Table;
import dev.jkubelet.stats.NodeSnapshot.VolumeUsage;
import dev.jkubelet.stats.kernel.DirectoryUsage;
import dev.jkubelet.stats.kernel.DiskStats;
import dev.jkubelet.stats.kernel.KernelText;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks at what occupies the disks, in rounds, away from the sampling. A folder is walked over
 * again after a minute, or twenty times as long as it took: a big one is looked at rarely.
 */
final class DiskWalker {
  private static final Duration LEAST_DISTANCE = Duration.ofMinutes(1);
  private static final int REST = 20;

  /** Folders of more entries than that are not counted. */
  private static final long MOST_ENTRIES = 2_000_000;

  private final Path rootDir;
  private final HostFiles host;
  private final MountedFilesystems mounts;
  private final Map<String, String> machineMounts;
  private final DiskSpace.Source space;
  private final EngineContainers engine;
  private final Supplier<Images> images;
  private final InstantSource clock;
  private final KernelText text = new KernelText();
  private final Map<Path, Walked> walked = new HashMap<>();
  private volatile DiskUsage latest = DiskUsage.NONE;

  /**
   * The engine's images.
   *
   * @param folder where the engine keeps them; empty until it has told
   * @param bytes of all of them
   */
  record Images(Optional<Path> folder, long bytes) {}

  private record Walked(Optional<DirectoryUsage> usage, Instant at, Instant due) {}

  /**
   * A walker over this machine's disks.
   *
   * @param rootDir {@code --root-dir}
   * @param host the machine's files
   * @param images asked at each round, must not block
   */
  DiskWalker(
      Path rootDir,
      HostFiles host,
      DiskSpace.Source space,
      EngineContainers engine,
      Supplier<Images> images,
      InstantSource clock) {
    this.rootDir = rootDir;
    this.host = host;
    this.mounts = new MountedFilesystems(host, space);
    // As cAdvisor: those of the start. Pods' mounts come and go, and are told of with the pods.
    this.machineMounts = mounts.mountPoints();
    this.space = space;
    this.engine = engine;
    this.images = images;
    this.clock = clock;
  }

  /** What was found last; never blocks. */
  DiskUsage latest() {
    return latest;
  }

  /** One round; blocks as long as it takes. Rounds must not overlap. */
  DiskUsage round() {
    var kept = new HashMap<>(walked);
    walked.clear();
    var io = DiskStats.of(host.root().resolve("proc"), text);
    var table = mounts.table();
    var imageRoot = images.get();
    var imageFs = imageRoot.folder().flatMap(folder -> filesystem(folder, table, io));
    var nodeFs = filesystem(rootDir, table, io);
    latest =
        new DiskUsage(
            machine(io),
            nodeFs,
            imageFs.map(fs -> used(fs, imageRoot.bytes())),
            containers(imageFs.or(() -> nodeFs), kept),
            volumes(table, kept));
    return latest;
  }

  private List<Filesystem> machine(Map<String, DeviceIo> io) {
    var filesystems = new ArrayList<Filesystem>();
    machineMounts.forEach(
        (device, mountPoint) ->
            space
                .of(host.root().resolve(mountPoint.substring(1)))
                .map(found -> whole(device, found, io))
                .ifPresent(filesystems::add));
    return List.copyOf(filesystems);
  }

  private Optional<Filesystem> filesystem(Path path, Table table, Map<String, DeviceIo> io) {
    return space.of(path).map(found -> whole(table.deviceOf(path), found, io));
  }

  private static Filesystem whole(String device, DiskSpace found, Map<String, DeviceIo> io) {
    return new Filesystem(
        device,
        "vfs",
        found.capacity(),
        found.capacity() - found.free(),
        0,
        found.available(),
        found.inodes(),
        found.inodesFree(),
        0,
        io.getOrDefault(device, DeviceIo.NONE));
  }

  private static Filesystem used(Filesystem fs, long usage) {
    return new Filesystem(
        fs.device(),
        fs.type(),
        fs.capacity(),
        usage,
        0,
        fs.available(),
        fs.inodes(),
        fs.inodesFree(),
        0,
        fs.io());
  }

  private Map<String, Filesystem> containers(
      Optional<Filesystem> images, Map<Path, Walked> before) {
    var containers = new HashMap<String, Filesystem>();
    for (var container : engine.known()) {
      images
          .flatMap(fs -> container(fs, container, before))
          .ifPresent(fs -> containers.put(container.container().id(), fs));
    }
    return containers;
  }

  private Optional<Filesystem> container(
      Filesystem images, Described container, Map<Path, Walked> before) {
    var layer = container.writableLayer().flatMap(folder -> usage(folder, before));
    var log =
        container.logFolder().flatMap(folder -> usage(folder, before)).orElse(DirectoryUsage.NONE);
    return layer.map(
        base ->
            new Filesystem(
                images.device(),
                "vfs",
                images.capacity(),
                base.bytes() + log.bytes(),
                base.bytes(),
                0,
                0,
                0,
                base.inodes(),
                DeviceIo.NONE));
  }

  private Optional<DirectoryUsage> usage(Path folder, Map<Path, Walked> before) {
    return walk(folder, before).usage();
  }

  private Walked walk(Path folder, Map<Path, Walked> before) {
    var now = clock.instant();
    var last = before.get(folder);
    if (last == null || !last.due().isAfter(now)) {
      var usage = DirectoryUsage.of(folder, MOST_ENTRIES);
      var rest = Duration.between(now, clock.instant()).multipliedBy(REST);
      last = new Walked(usage, now, now.plus(longer(rest)));
    }
    walked.put(folder, last);
    return last;
  }

  private static Duration longer(Duration rest) {
    return rest.compareTo(LEAST_DISTANCE) > 0 ? rest : LEAST_DISTANCE;
  }

  /**
   * {@code <root-dir>/pods/<uid>/volumes/<plugin>/<name>}. What a CSI driver has mounted is not
   * walked: it may be huge, far away or hang, and is no part of the node's disk.
   */
  private Map<String, List<VolumeUsage>> volumes(Table table, Map<Path, Walked> before) {
    var byPod = new HashMap<String, List<VolumeUsage>>();
    var pods = rootDir.resolve("pods");
    for (var uid : names(pods)) {
      var volumes = new ArrayList<VolumeUsage>();
      var plugins = pods.resolve(uid).resolve("volumes");
      for (var plugin : names(plugins)) {
        if (plugin.equals("kubernetes.io~csi")) {
          continue;
        }
        for (var name : names(plugins.resolve(plugin))) {
          volume(plugin, plugins.resolve(plugin).resolve(name), table, before)
              .ifPresent(volumes::add);
        }
      }
      if (!volumes.isEmpty()) {
        byPod.put(uid, List.copyOf(volumes));
      }
    }
    return byPod;
  }

  private static List<String> names(Path folder) {
    return new HostFiles(folder).names("", ".*");
  }

  private Optional<VolumeUsage> volume(
      String plugin, Path folder, Table table, Map<Path, Walked> before) {
    var seen = walk(folder, before);
    return seen.usage()
        .flatMap(
            used ->
                space
                    .of(folder)
                    .map(
                        fs ->
                            new VolumeUsage(
                                folder.getFileName().toString(),
                                isEphemeral(plugin, folder, table),
                                seen.at(),
                                fs.available(),
                                fs.capacity(),
                                used.bytes(),
                                fs.inodesFree(),
                                fs.inodes(),
                                used.inodes())));
  }

  /** What counts as the pod's use of the node's disk: no memory, and no secrets, as in 1.20. */
  private static boolean isEphemeral(String plugin, Path folder, Table table) {
    return switch (plugin) {
      case "kubernetes.io~configmap", "kubernetes.io~downward-api", "kubernetes.io~git-repo" ->
          true;
      case "kubernetes.io~empty-dir" -> !table.deviceOf(folder).equals("tmpfs");
      default -> false;
    };
  }
}
