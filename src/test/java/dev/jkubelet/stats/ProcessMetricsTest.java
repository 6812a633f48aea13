package dev.jkubelet.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMetricsTest {
  @TempDir private Path proc;

  @Test
  void readsWhatTheKernelSaysOfAProcessWhateverItsName() throws Exception {
    Recorded.write(
        proc,
        "self/stat",
        "42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 2000 478 0 0 20 0 30 0 12345 837066752"
            + " 23504 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n");
    Recorded.write(proc, "self/status", "Name:\ta\nVmRSS:\t   94016 kB\n");
    Recorded.write(
        proc,
        "self/limits",
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max open files            20000                20000                files
        Max address space         unlimited            unlimited            bytes
        """);
    Recorded.write(proc, "stat", "cpu  1 2 3\nbtime 1795439044\n");
    Recorded.write(proc, "self/fd/0", "");
    Recorded.write(proc, "self/fd/1", "");
    var out = new Exposition(MetricsFormat.TEXT);

    new ProcessMetrics(proc, -1).render(out);

    assertThat(
            new String(out.bytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#")))
        .containsExactly(
            "process_cpu_seconds_total 24.78",
            "process_max_fds 20000",
            "process_open_fds 2",
            "process_resident_memory_bytes 9.6272384e+07",
            "process_start_time_seconds 1.79543916745e+09",
            "process_virtual_memory_bytes 8.37066752e+08",
            "process_virtual_memory_max_bytes -1");
  }

  @Test
  void leavesOutWhatTheKernelDoesNotTell() {
    var out = new Exposition(MetricsFormat.TEXT);

    new ProcessMetrics(proc, -1).render(out);

    assertThat(new String(out.bytes(), StandardCharsets.UTF_8))
        .startsWith("# HELP process_virtual_memory_max_bytes");
  }
}
