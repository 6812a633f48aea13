package dev.jkubelet.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Ends a cgroup: kills its processes, removes its folders from the leaves up, and tries again while
 * the kernel still reaps, 10 ms later, then 20, then 40… about five seconds in all.
 */
final class CgroupRemoval {
  private static final int ATTEMPTS = 10;
  private static final long FIRST_DELAY_MS = 10;

  private final Executor files;

  CgroupRemoval(Executor files) {
    this.files = files;
  }

  /** Removes these folders, each with all below it. */
  CompletionStage<Void> remove(List<Path> directories) {
    return attempt(directories, 0);
  }

  /** Kills the processes of these folders and of all below them, and leaves the folders. */
  CompletionStage<Void> killOnly(List<Path> directories) {
    return FileCalls.run(files, () -> directories.forEach(CgroupRemoval::kill));
  }

  private CompletionStage<Void> attempt(List<Path> directories, int attempt) {
    return FileCalls.supply(
            files,
            () -> {
              directories.forEach(CgroupRemoval::kill);
              return removeFolders(directories);
            })
        .thenCompose(
            left -> {
              if (left.isEmpty()) {
                return CompletableFuture.completedStage(null);
              }
              return attempt == ATTEMPTS - 1
                  ? CompletableFuture.failedStage(
                      new IOException("cgroups still busy after SIGKILL: " + left))
                  : later(directories, attempt);
            });
  }

  private CompletionStage<Void> later(List<Path> directories, int attempt) {
    var delayed =
        CompletableFuture.delayedExecutor(FIRST_DELAY_MS << attempt, TimeUnit.MILLISECONDS, files);
    return CompletableFuture.runAsync(() -> {}, delayed)
        .thenCompose(_ -> attempt(directories, attempt + 1));
  }

  private static void kill(Path directory) {
    for (long pid : processes(directory)) {
      if (pid != ProcessHandle.current().pid()) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** Processes of another pid namespace read as 0 and can't be addressed. */
  private static Set<Long> processes(Path directory) {
    var pids = new TreeSet<Long>();
    walk(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            try {
              CgroupFile.words(folder, "cgroup.procs")
                  .forEach(pid -> pids.add(Long.parseLong(pid)));
            } catch (IOException _) {
              // ENODEV: the cgroup was removed between the listing and now.
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
          }
        });
    pids.remove(0L);
    return pids;
  }

  private static Set<Path> removeFolders(List<Path> directories) {
    var left = new TreeSet<Path>();
    for (var directory : directories) {
      walk(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failure) {
              try {
                Files.deleteIfExists(folder);
              } catch (IOException _) {
                left.add(folder);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return left;
  }

  private static void walk(Path directory, FileVisitor<Path> visitor) {
    try {
      Files.walkFileTree(directory, visitor);
    } catch (NoSuchFileException _) {
      // Gone already.
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
