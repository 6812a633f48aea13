package dev.jkubelet.stats.kernel;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * A cgroup's processes and the files they hold open. This lists folders and follows links: the
 * dearest of all readings, to be made now and then only.
 *
 * @param files open descriptors, sockets included
 * @param maxOpenFiles the first process' soft limit; -1 unlimited, 0 when there is no process
 */
public record OpenFiles(long processes, long files, long sockets, long maxOpenFiles) {
  /** Of no process. */
  public static final OpenFiles NONE = new OpenFiles(0, 0, 0, 0);

  private static final byte[] MAX = KernelText.word("Max");
  private static final byte[] OPEN = KernelText.word("open");
  private static final byte[] FILES = KernelText.word("files");

  /**
   * Reads them.
   *
   * @param proc {@code /proc}
   * @param withLimit whether the first process is a container's, whose limits count
   */
  public static OpenFiles of(Path proc, CgroupFiles cgroup, boolean withLimit, KernelText text) {
    if (!cgroup.processes(text)) {
      return NONE;
    }
    var pids = new ArrayList<String>();
    while (text.nextLine()) {
      pids.add(text.word());
    }
    long files = 0;
    long sockets = 0;
    for (var pid : pids) {
      try (var open = Files.newDirectoryStream(proc.resolve(pid).resolve("fd"))) {
        for (var file : open) {
          files++;
          if (isSocket(file)) {
            sockets++;
          }
        }
      } catch (IOException | DirectoryIteratorException _) {
        // The process has just ended, or is not ours to look at.
      }
    }
    return new OpenFiles(
        pids.size(),
        files,
        sockets,
        withLimit && !pids.isEmpty() ? limit(proc.resolve(pids.getFirst()), text) : 0);
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException _) {
      return false;
    }
  }

  /** {@code Max open files 1024 1048576 files}. */
  private static long limit(Path process, KernelText text) {
    if (text.read(process.resolve("limits"))) {
      while (text.nextLine()) {
        if (text.skipWord(MAX) && text.skipWord(OPEN) && text.skipWord(FILES)) {
          return text.hasNumber() ? text.number() : -1;
        }
      }
    }
    return 0;
  }
}
