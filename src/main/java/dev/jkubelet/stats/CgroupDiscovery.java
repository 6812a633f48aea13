package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.kernel.CgroupMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds the cgroups that are there. A folder is listed again when its time has changed, which the
 * kernel keeps of those only whose time was once set, and now and then in any case.
 */
final class CgroupDiscovery {
  private static final Pattern CONTAINER =
      Pattern.compile("(?:docker-)?(?<id>[0-9a-f]{64})(?:\\.scope)?");

  /** Every so many passes all folders are listed. */
  private static final int LIST_ALL = 15;

  private final CgroupMounts mounts;
  private final MeasuredCgroups measured;
  private final Map<String, Listed> listed = new HashMap<>();
  private int passes;

  CgroupDiscovery(CgroupMounts mounts, MeasuredCgroups measured) {
    this.mounts = mounts;
    this.measured = measured;
  }

  private record Child(String path, Kind kind) {}

  private record Listed(FileTime changed, List<Child> children) {}

  /** The engine's id of a container, by its folder's name. */
  static String containerId(String folder) {
    var match = CONTAINER.matcher(folder);
    return match.matches() ? match.group("id") : "";
  }

  /** By path, parents first. */
  Map<String, Kind> find() {
    boolean all = passes++ % LIST_ALL == 0;
    var found = new LinkedHashMap<String, Kind>();
    found.put("/", Kind.MACHINE);
    measured.roots().stream()
        .filter(root -> root.length() > 1)
        .forEach(root -> add(root, Kind.GROUP, all, found));
    listed.keySet().retainAll(new HashSet<>(found.keySet()));
    return found;
  }

  private void add(String path, Kind kind, boolean all, Map<String, Kind> found) {
    if (kind == Kind.CONTAINER) {
      found.putIfAbsent(path, kind);
      return;
    }
    var children = children(path, mounts.folder(path), all);
    if (children == null || found.putIfAbsent(path, kind) != null) {
      return;
    }
    for (var child : children) {
      add(child.path(), child.kind(), all, found);
    }
  }

  private Kind kind(String folder) {
    return !containerId(folder).isEmpty()
        ? Kind.CONTAINER
        : measured.podUid().apply(folder).isPresent() ? Kind.POD : Kind.GROUP;
  }

  /** Null when the folder is gone. */
  private List<Child> children(String path, Path folder, boolean all) {
    var before = listed.get(path);
    if (before == null) {
      keepTime(folder);
    }
    FileTime changed;
    try {
      changed = Files.getLastModifiedTime(folder);
    } catch (IOException _) {
      return null;
    }
    if (!all && before != null && before.changed().equals(changed)) {
      return before.children();
    }
    var children =
        CgroupMounts.children(folder).stream()
            .map(name -> new Child(path + "/" + name, kind(name)))
            .toList();
    listed.put(path, new Listed(changed, children));
    return children;
  }

  /** Where it may not be set, all folders are looked at often enough. */
  private static void keepTime(Path folder) {
    try {
      Files.setLastModifiedTime(folder, FileTime.from(Instant.now()));
    } catch (IOException _) {
      // It is gone, or may only be read.
    }
  }
}
