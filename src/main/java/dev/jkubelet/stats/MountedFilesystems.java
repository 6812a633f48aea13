package dev.jkubelet.stats;

import dev.jkubelet.stats.MachineInfo.Filesystem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file systems that cAdvisor counts, from {@code /proc/self/mountinfo}: ext, btrfs, xfs and zfs
 * once per device, each tmpfs by its mount point, each overlay by its device number.
 */
record MountedFilesystems(HostFiles host, DiskSpace.Source space) {
  private static final Set<String> COUNTED = Set.of("btrfs", "overlay", "tmpfs", "xfs", "zfs");
  private static final int DEVICE_NUMBER = 2;
  private static final int MOUNT_POINT = 4;

  /** One line of the table. */
  record Mount(String numbers, String mountPoint, String type, String source) {}

  List<Filesystem> list() {
    return mountPoints().entrySet().stream()
        .map(
            partition ->
                space
                    .of(Path.of(partition.getValue()))
                    .map(
                        s ->
                            new Filesystem(
                                partition.getKey(), s.capacity(), "vfs", s.inodes(), true))
                    .orElse(new Filesystem(partition.getKey(), 0, "", 0, false)))
        .toList();
  }

  /** What is mounted where, as of one moment. */
  record Table(List<Mount> mounts) {
    /** The device that the path is on; empty when nothing is known. */
    String deviceOf(Path path) {
      return mounts.stream()
          .filter(mount -> path.startsWith(mount.mountPoint().isEmpty() ? "?" : mount.mountPoint()))
          .reduce((a, b) -> b.mountPoint().length() >= a.mountPoint().length() ? b : a)
          .map(Mount::source)
          .orElse("");
    }
  }

  Table table() {
    return new Table(mounts());
  }

  private List<Mount> mounts() {
    return host.lines("proc/self/mountinfo").stream().map(MountedFilesystems::parse).toList();
  }

  /** Where to ask for each; the first mount of a device stands for its bind mounts. */
  Map<String, String> mountPoints() {
    var byDevice = new LinkedHashMap<String, String>();
    var mounts = mounts();
    for (var mount : mounts) {
      switch (mount.type()) {
        case "tmpfs" -> byDevice.put(mount.mountPoint(), mount.mountPoint());
        case "overlay" ->
            byDevice.put(
                mount.source() + "_" + mount.numbers().replace(':', '-'), mount.mountPoint());
        case String type when type.startsWith("ext") || COUNTED.contains(type) ->
            byDevice.putIfAbsent(mount.source(), mount.mountPoint());
        case String _ -> {}
      }
    }
    mounts.stream()
        .filter(mount -> mount.mountPoint().equals("/"))
        .findFirst()
        .ifPresent(root -> byDevice.put(root.source(), "/"));
    return byDevice;
  }

  /** {@code 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw}, proc(5). */
  private static Mount parse(String line) {
    var fields = line.split(" ", -1);
    int dash = List.of(fields).indexOf("-");
    if (dash < 0 || fields.length < dash + 3) {
      return new Mount("", "", "", "");
    }
    return new Mount(
        fields[DEVICE_NUMBER],
        unescaped(fields[MOUNT_POINT]),
        fields[dash + 1],
        unescaped(fields[dash + 2]));
  }

  /** The kernel writes blanks and backslashes in octal. */
  private static String unescaped(String text) {
    return text.replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
