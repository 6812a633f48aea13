package dev.jkubelet.node.pressure;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.EngineInfo;
import dev.jkubelet.stats.DiskSpace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What this machine has left. */
public final class HostLevels implements Supplier<CompletionStage<Map<Signal, Level>>> {
  private static final Duration LIMIT = Duration.ofSeconds(8);

  private final Path root;
  private final Path rootDir;
  private final ContainerRuntime runtime;
  private final BlockingCalls calls;
  private volatile Optional<Path> images = Optional.empty();

  /**
   * Of the machine at {@code /}.
   *
   * @param rootDir {@code --root-dir}, on whose file system pods' volumes and files are
   * @param runtime asked once where its images are
   */
  public HostLevels(Path rootDir, ContainerRuntime runtime, BlockingCalls calls) {
    this(Path.of("/"), rootDir, runtime, calls);
  }

  HostLevels(Path root, Path rootDir, ContainerRuntime runtime, BlockingCalls calls) {
    this.root = root;
    this.rootDir = rootDir;
    this.runtime = runtime;
    this.calls = calls;
  }

  /** Without the images' file system as long as the engine has not answered. */
  @Override
  public CompletionStage<Map<Signal, Level>> get() {
    return imageFolder()
        .thenCompose(folder -> calls.call("what the node has left", LIMIT, () -> read(folder)));
  }

  private CompletionStage<Optional<Path>> imageFolder() {
    if (images.isPresent()) {
      return CompletableFuture.completedStage(images);
    }
    return runtime
        .info()
        .thenApply(EngineInfo::rootDir)
        .handle(
            (folder, _) -> {
              images = Optional.ofNullable(folder);
              return images;
            });
  }

  private Map<Signal, Level> read(Optional<Path> imageFolder) throws IOException {
    var levels = new EnumMap<Signal, Level>(Signal.class);
    levels.put(Signal.MEMORY_AVAILABLE, memory());
    levels.put(Signal.PID_AVAILABLE, processes());
    DiskSpace.of(rootDir)
        .ifPresent(
            disk -> {
              levels.put(Signal.NODEFS_AVAILABLE, new Level(disk.available(), disk.capacity()));
              levels.put(Signal.NODEFS_INODES_FREE, new Level(disk.inodesFree(), disk.inodes()));
            });
    imageFolder
        .flatMap(DiskSpace::of)
        .ifPresent(
            disk -> {
              levels.put(Signal.IMAGEFS_AVAILABLE, new Level(disk.available(), disk.capacity()));
              levels.put(Signal.IMAGEFS_INODES_FREE, new Level(disk.inodesFree(), disk.inodes()));
            });
    return levels;
  }

  /**
   * Capacity less the working set of the root cgroup: what is used but for files that nobody has
   * touched for long. In the unified hierarchy, whose root does not count its use, that is all that
   * is not free.
   */
  private Level memory() throws IOException {
    var info = text("proc/meminfo");
    long capacity = number(info, "MemTotal:") * 1024;
    var v1 = root.resolve("sys/fs/cgroup/memory");
    long used;
    long idle;
    if (Files.exists(v1.resolve("memory.usage_in_bytes"))) {
      used = Long.parseLong(text("sys/fs/cgroup/memory/memory.usage_in_bytes").strip());
      idle = number(text("sys/fs/cgroup/memory/memory.stat"), "total_inactive_file");
    } else {
      used = capacity - number(info, "MemFree:") * 1024;
      idle = number(text("sys/fs/cgroup/memory.stat"), "inactive_file");
    }
    return new Level(capacity - Math.max(0, used - idle), capacity);
  }

  /** Threads count, for the kernel gives each a number of its own. */
  private Level processes() throws IOException {
    long most = Long.parseLong(text("proc/sys/kernel/pid_max").strip());
    var running = text("proc/loadavg").split(" ", -1)[3].split("/", -1)[1];
    return new Level(most - Long.parseLong(running), most);
  }

  private String text(String file) throws IOException {
    try (var in = Files.newInputStream(root.resolve(file))) {
      return new String(in.readNBytes(64 * 1024), StandardCharsets.US_ASCII);
    }
  }

  /** The first number of the line that begins with that word. */
  private static long number(String text, String word) throws IOException {
    for (var line : text.lines().toList()) {
      var words = line.split("\\s+", -1);
      if (words.length > 1 && words[0].equals(word)) {
        return Long.parseLong(words[1]);
      }
    }
    throw new IOException("no " + word + " among what the kernel tells");
  }
}
