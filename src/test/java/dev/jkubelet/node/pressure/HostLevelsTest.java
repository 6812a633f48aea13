package dev.jkubelet.node.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.FakeRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLevelsTest {
  @TempDir Path root;

  @BeforeEach
  void machine() throws IOException {
    write("proc/meminfo", "MemTotal:  1000 kB\nMemFree:  200 kB\nMemAvailable: 600 kB\n");
    write("proc/sys/kernel/pid_max", "32768\n");
    write("proc/loadavg", "0.00 0.01 0.05 3/368 4711\n");
  }

  @Test
  void memoryIsWhatTheRootCgroupDoesNotWorkWith() throws IOException {
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "512000\n");
    write("sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 102400\n");
    assertThat(levels().get(Signal.MEMORY_AVAILABLE))
        .isEqualTo(new Level(1024000 - 409600, 1024000));
  }

  @Test
  void inTheUnifiedHierarchyAllThatIsNotFreeIsUsed() throws IOException {
    write("sys/fs/cgroup/memory.stat", "anon 5\ninactive_file 102400\n");
    assertThat(levels().get(Signal.MEMORY_AVAILABLE))
        .isEqualTo(new Level(200 * 1024 + 102400, 1024000));
  }

  @Test
  void processesAndFileSystemsAreTheKernels() throws IOException {
    write("sys/fs/cgroup/memory.stat", "inactive_file 0\n");
    var levels = levels();
    assertThat(levels.get(Signal.PID_AVAILABLE)).isEqualTo(new Level(32768 - 368, 32768));
    var disk = Files.getFileStore(root);
    assertThat(levels.get(Signal.NODEFS_AVAILABLE).capacity()).isEqualTo(disk.getTotalSpace());
    assertThat(levels).containsKey(Signal.NODEFS_INODES_FREE);
  }

  private Map<Signal, Level> levels() {
    return new HostLevels(root, root, new FakeRuntime(Clock.systemUTC()), new BlockingCalls(2))
        .get()
        .toCompletableFuture()
        .join();
  }

  private void write(String file, String text) throws IOException {
    var path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
