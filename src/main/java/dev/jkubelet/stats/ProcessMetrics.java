package dev.jkubelet.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The process as the kernel sees it, under the names every Prometheus client uses. What the kernel
 * does not tell is left out; what never changes is read once.
 */
final class ProcessMetrics {
  static final double LARGEST = 1.8446744073709552e19;

  /** USER_HZ: the unit of /proc's times, 100 on every architecture we run on. */
  private static final double TICKS = 100;

  /** Where fields are in {@code /proc/self/stat}, counted from after the name's parenthesis. */
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;
  private static final int START_TIME = 19;
  private static final int VIRTUAL_BYTES = 20;

  private static final int MOST_DIGITS = 18;

  private static final Path PROC = Path.of("/proc");

  private final Path proc;
  private final double unlimited;
  private final OptionalLong mostFiles;
  private final OptionalLong mostMemory;
  private final OptionalLong boot;

  /**
   * Of this process.
   *
   * @param proc {@code /proc}
   * @param unlimited what to show when the address space has no limit: the kubelet's client library
   *     says -1, cAdvisor's older one the largest number of 64 bits
   */
  ProcessMetrics(Path proc, double unlimited) {
    this.proc = proc;
    this.unlimited = unlimited;
    this.mostFiles = number("self/limits", "Max open files");
    this.mostMemory = number("self/limits", "Max address space");
    this.boot = number("stat", "btime");
  }

  void render(Exposition out) {
    var stat = stat();
    if (stat.length > VIRTUAL_BYTES) {
      double ticks = Double.parseDouble(stat[USER_TIME]) + Double.parseDouble(stat[SYSTEM_TIME]);
      out.family(
              "process_cpu_seconds_total",
              "counter",
              "Total user and system CPU time spent in seconds.")
          .sample("process_cpu_seconds_total", ticks / TICKS);
    }
    mostFiles.ifPresent(
        most ->
            gauge(
                out, "process_max_fds", "Maximum number of open file descriptors.", (double) most));
    openFiles()
        .ifPresent(
            open ->
                gauge(out, "process_open_fds", "Number of open file descriptors.", (double) open));
    number("self/status", "VmRSS:")
        .ifPresent(
            kilobytes ->
                gauge(
                    out,
                    "process_resident_memory_bytes",
                    "Resident memory size in bytes.",
                    kilobytes * 1024.0));
    renderStart(out, "", stat);
    if (stat.length > VIRTUAL_BYTES) {
      gauge(
          out,
          "process_virtual_memory_bytes",
          "Virtual memory size in bytes.",
          Double.parseDouble(stat[VIRTUAL_BYTES]));
    }
    gauge(
        out,
        "process_virtual_memory_max_bytes",
        "Maximum amount of virtual memory available in bytes.",
        mostMemory.isPresent() ? mostMemory.getAsLong() : unlimited);
  }

  /** When it started alone; {@code stability} begins the help. */
  void renderStart(Exposition out, String stability) {
    renderStart(out, stability, stat());
  }

  private void renderStart(Exposition out, String stability, String[] stat) {
    if (stat.length > START_TIME) {
      double startSeconds = Double.parseDouble(stat[START_TIME]) / TICKS;
      boot.ifPresent(
          at ->
              gauge(
                  out,
                  "process_start_time_seconds",
                  stability + "Start time of the process since unix epoch in seconds.",
                  at + startSeconds));
    }
  }

  private static void gauge(Exposition out, String name, String help, double value) {
    out.family(name, "gauge", help).sample(name, value);
  }

  /** The program's name may hold spaces and parentheses: the fields start after the last one. */
  private String[] stat() {
    try {
      var line = Files.readString(proc.resolve("self/stat"));
      return line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
    } catch (IOException _) {
      return new String[0];
    }
  }

  /** Since Linux 6.2 it is the folder's size, which comes without a look at each of them. */
  private OptionalLong openFiles() {
    var folder = proc.resolve("self/fd");
    long open = proc.equals(PROC) ? folder.toFile().length() : 0;
    if (open > 0) {
      return OptionalLong.of(open);
    }
    try (var files = Files.newDirectoryStream(folder)) {
      for (var _ : files) {
        open++;
      }
      return OptionalLong.of(open);
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }

  /** The first number on the line that starts so; empty when there is none, as in "unlimited". */
  private OptionalLong number(String file, String start) {
    try {
      var text = "\n" + Files.readString(proc.resolve(file));
      int line = text.indexOf("\n" + start);
      return line < 0 ? OptionalLong.empty() : number(text, line + 1 + start.length());
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong number(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    int digits = at;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    return at == digits || at - digits > MOST_DIGITS
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(text, digits, at, 10));
  }
}
