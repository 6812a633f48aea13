package dev.jkubelet.stats.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the cgroup file systems are mounted; a cgroup's path is absolute within them, {@code
 * /kubepods/…}.
 *
 * @param root {@code /sys/fs/cgroup}
 * @param unified whether it is cgroup v2, one hierarchy for all controllers
 */
public record CgroupMounts(Path root, boolean unified) {
  /** What is mounted at {@code root}. */
  public static CgroupMounts at(Path root) {
    return new CgroupMounts(root, Files.exists(root.resolve("cgroup.controllers")));
  }

  /** Opens the files of one cgroup, as far as there are such. */
  public CgroupFiles open(String path) {
    return unified ? new CgroupV2Files(folder("", path), path) : new CgroupV1Files(this, path);
  }

  /** Where the cgroup's folders are listed: the processor's hierarchy. */
  public Path folder(String path) {
    return unified ? folder("", path) : folder("cpu", path);
  }

  /** The cgroup's folder in that controller's hierarchy, which may not be there. */
  Path folder(String controller, String path) {
    var mount = unified ? root : mount(controller).orElse(root.resolve(controller));
    return path.length() > 1 ? mount.resolve(path.substring(1)) : mount;
  }

  /** {@code cpu}, a folder or a link; else what has it among others, {@code cpu,cpuacct}. */
  private Optional<Path> mount(String controller) {
    var own = root.resolve(controller);
    if (Files.isDirectory(own)) {
      return Optional.of(own);
    }
    try (var folders = Files.list(root)) {
      return folders
          .filter(
              folder ->
                  Arrays.asList(folder.getFileName().toString().split(",", -1))
                      .contains(controller))
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /** The names of the folders in that one; none when it is gone. */
  public static List<String> children(Path folder) {
    var children = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (var entry : entries) {
        children.add(entry.getFileName().toString());
      }
    } catch (IOException _) {
      children.clear();
    }
    return children;
  }
}
