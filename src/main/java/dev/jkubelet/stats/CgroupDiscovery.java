package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.kernel.CgroupMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds the cgroups that are there. A folder is listed again when the number of its subfolders or
 * its time has changed, and now and then in any case, for a folder may come as another goes.
 */
final class CgroupDiscovery {
  private static final Pattern CONTAINER =
      Pattern.compile("(?:docker-)?(?<id>[0-9a-f]{64})(?:\\.scope)?");

  /** Every so many passes all folders are listed. */
  private static final int LIST_ALL = 5;

  private final CgroupMounts mounts;
  private final MeasuredCgroups measured;
  private final Map<String, Listed> listed = new HashMap<>();
  private int passes;

  CgroupDiscovery(CgroupMounts mounts, MeasuredCgroups measured) {
    this.mounts = mounts;
    this.measured = measured;
  }

  private record Child(String path, Kind kind) {}

  private record Listed(Map<String, Object> state, List<Child> children) {}

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
    Map<String, Object> state;
    try {
      state = Files.readAttributes(folder, "unix:nlink,lastModifiedTime");
    } catch (IOException _) {
      return null;
    }
    var before = listed.get(path);
    if (!all && before != null && before.state().equals(state)) {
      return before.children();
    }
    var children =
        CgroupMounts.children(folder).stream()
            .map(name -> new Child(path + "/" + name, kind(name)))
            .toList();
    listed.put(path, new Listed(state, children));
    return children;
  }
}
