package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.ContainerRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;

/** v2.1's ps: the processes in a container's cgroup, read from /proc; some files a process. */
final class ProcessList {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  /** Field 39 of /proc/PID/stat, counted from the state, which is the third. */
  private static final int PROCESSOR = 36;

  private static final long PAGE = 4096;
  private static final int MOST = 1000;

  private ProcessList() {}

  static ByteString json(List<ContainerRecord> records) {
    return Json.of(
        out -> {
          out.writeStartArray();
          for (long pid : records.stream().flatMap(r -> pids(r.path())).limit(MOST).toList()) {
            var process = ProcessHandle.of(pid);
            if (process.isPresent()) {
              write(out, process.get());
            }
          }
          out.writeEndArray();
        });
  }

  private static Stream<Long> pids(String cgroup) {
    if (cgroup.equals("/")) {
      return ProcessHandle.allProcesses().map(ProcessHandle::pid);
    }
    return Stream.of("cpu", "cpuacct", "memory", "")
        .map(controller -> Path.of("/sys/fs/cgroup", controller, cgroup, "cgroup.procs"))
        .map(ProcessList::lines)
        .filter(lines -> !lines.isEmpty())
        .findFirst()
        .stream()
        .flatMap(List::stream)
        .map(Long::valueOf);
  }

  private static void write(com.fasterxml.jackson.core.JsonGenerator out, ProcessHandle process)
      throws IOException {
    var proc = Path.of("/proc", String.valueOf(process.pid()));
    var stat = lines(proc.resolve("stat"));
    var memory = lines(proc.resolve("statm"));
    if (stat.isEmpty() || memory.isEmpty()) {
      return;
    }
    var line = stat.getFirst();
    var name = line.substring(line.indexOf('(') + 1, line.lastIndexOf(')'));
    var fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    var pages = memory.getFirst().split(" ", -1);
    var info = process.info();
    out.writeStartObject();
    out.writeStringField("user", info.user().orElse(""));
    out.writeNumberField("pid", process.pid());
    out.writeNumberField("parent_pid", Long.parseLong(fields[1]));
    out.writeStringField("start_time", info.startInstant().map(CLOCK::format).orElse(""));
    out.writeNumberField("percent_cpu", share(info.totalCpuDuration(), info.startInstant()));
    out.writeNumberField("percent_mem", 0);
    out.writeNumberField("rss", Long.parseLong(pages[1]) * PAGE);
    out.writeNumberField("virtual_size", Long.parseLong(pages[0]) * PAGE);
    out.writeStringField("status", fields[0]);
    out.writeStringField("running_time", clock(info.totalCpuDuration().orElse(Duration.ZERO)));
    out.writeStringField("cgroup_path", "");
    out.writeStringField("cmd", name);
    out.writeNumberField("fd_count", count(proc.resolve("fd")));
    out.writeNumberField("psr", Integer.parseInt(fields[PROCESSOR]));
    out.writeEndObject();
  }

  /** Since it started, as ps has it, in percent with one decimal. */
  private static double share(Optional<Duration> used, Optional<Instant> started) {
    if (used.isEmpty() || started.isEmpty()) {
      return 0;
    }
    double lived = Duration.between(started.get(), Instant.now()).toMillis();
    return lived <= 0 ? 0 : Math.round(used.get().toMillis() * 1000 / lived) / 10.0;
  }

  private static String clock(Duration used) {
    return String.format(
        Locale.ROOT, "%02d:%02d:%02d", used.toHours(), used.toMinutesPart(), used.toSecondsPart());
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException gone) {
      return List.of();
    }
  }

  private static long count(Path folder) {
    try (var files = Files.list(folder)) {
      return files.count();
    } catch (IOException gone) {
      return 0;
    }
  }
}
