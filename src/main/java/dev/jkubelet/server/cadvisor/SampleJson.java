package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jkubelet.stats.ContainerSample;
import dev.jkubelet.stats.LongValues;
import java.io.IOException;
import java.util.List;

/** The parts of a reading that v1 and v2 have in common; names and order are info/v1's. */
final class SampleJson {
  private static final String[] TCP = {
    "Established",
    "SynSent",
    "SynRecv",
    "FinWait1",
    "FinWait2",
    "TimeWait",
    "Close",
    "CloseWait",
    "LastAck",
    "Listen",
    "Closing"
  };
  private static final String[] UDP = {"Listen", "Dropped", "RxQueued", "TxQueued"};
  private static final String[] CFS = {"periods", "throttled_periods", "throttled_time"};
  private static final String[] SCHEDSTAT = {"run_time", "runqueue_time", "run_periods"};

  /** cAdvisor's least distance of two readings for a rate. */
  private static final long LEAST_NANOS = 100_000_000;

  private SampleJson() {}

  static void cpu(JsonGenerator out, ContainerSample.Cpu cpu) throws IOException {
    out.writeObjectFieldStart("cpu");
    usage(out, cpu.total(), cpu.perCore(), cpu.user(), cpu.system());
    Json.numbers(out, "cfs", CFS, cpu.periods(), cpu.throttledPeriods(), cpu.throttled());
    Json.numbers(out, "schedstat", SCHEDSTAT);
    out.writeNumberField("load_average", 0);
    out.writeEndObject();
  }

  /** What was used per second since {@code before}; nothing when that was too short ago. */
  static void cpuRate(JsonGenerator out, ContainerSample before, ContainerSample now)
      throws IOException {
    long nanos = now.nanos() - before.nanos();
    var from = before.cpu();
    var to = now.cpu();
    if (nanos <= LEAST_NANOS
        || to.total() < from.total()
        || to.user() < from.user()
        || to.system() < from.system()
        || to.perCore().size() != from.perCore().size()) {
      return;
    }
    var cores = new long[to.perCore().size()];
    for (int i = 0; i < cores.length; i++) {
      cores[i] = rate(from.perCore().get(i), to.perCore().get(i), nanos);
    }
    out.writeObjectFieldStart("cpu_inst");
    usage(
        out,
        rate(from.total(), to.total(), nanos),
        LongValues.of(cores),
        rate(from.user(), to.user(), nanos),
        rate(from.system(), to.system(), nanos));
    out.writeEndObject();
  }

  private static long rate(long from, long to, long nanos) {
    return (long) ((to - from) * (1e9 / nanos));
  }

  private static void usage(
      JsonGenerator out, long total, LongValues perCore, long user, long system)
      throws IOException {
    out.writeObjectFieldStart("usage");
    out.writeNumberField("total", total);
    if (perCore.size() > 0) {
      out.writeArrayFieldStart("per_cpu_usage");
      for (int i = 0; i < perCore.size(); i++) {
        out.writeNumber(perCore.get(i));
      }
      out.writeEndArray();
    }
    out.writeNumberField("user", user);
    out.writeNumberField("system", system);
    out.writeEndObject();
  }

  static void memory(JsonGenerator out, ContainerSample.Memory memory) throws IOException {
    out.writeObjectFieldStart("memory");
    out.writeNumberField("usage", memory.usage());
    out.writeNumberField("max_usage", memory.maxUsage());
    out.writeNumberField("cache", memory.cache());
    out.writeNumberField("rss", memory.rss());
    out.writeNumberField("swap", memory.swap());
    out.writeNumberField("mapped_file", memory.mappedFile());
    out.writeNumberField("working_set", memory.workingSet());
    out.writeNumberField("failcnt", memory.failures());
    faults(out, "container_data", memory.pageFaults(), memory.majorPageFaults());
    faults(out, "hierarchical_data", memory.pageFaults(), memory.majorPageFaults());
    out.writeEndObject();
  }

  private static void faults(JsonGenerator out, String name, long faults, long major)
      throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("pgfault", faults);
    out.writeNumberField("pgmajfault", major);
    out.writeObjectFieldStart("numa_stats");
    out.writeEndObject();
    out.writeEndObject();
  }

  static void disks(JsonGenerator out, List<ContainerSample.Disk> disks) throws IOException {
    out.writeObjectFieldStart("diskio");
    if (!disks.isEmpty()) {
      out.writeArrayFieldStart("io_service_bytes");
      for (var disk : disks) {
        disk(out, disk, disk.readBytes(), disk.writtenBytes());
      }
      out.writeEndArray();
      out.writeArrayFieldStart("io_serviced");
      for (var disk : disks) {
        disk(out, disk, disk.reads(), disk.writes());
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private static void disk(JsonGenerator out, ContainerSample.Disk disk, long read, long written)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("device", disk.device());
    out.writeNumberField("major", disk.major());
    out.writeNumberField("minor", disk.minor());
    Json.numbers(
        out, "stats", new String[] {"Read", "Total", "Write"}, read, read + written, written);
    out.writeEndObject();
  }

  static void interfaces(JsonGenerator out, List<ContainerSample.NetworkInterface> all)
      throws IOException {
    if (all.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("interfaces");
    for (var one : all) {
      out.writeStartObject();
      counters(out, one);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** Into the object that is open. */
  static void counters(JsonGenerator out, ContainerSample.NetworkInterface network)
      throws IOException {
    out.writeStringField("name", network.name());
    out.writeNumberField("rx_bytes", network.rxBytes());
    out.writeNumberField("rx_packets", network.rxPackets());
    out.writeNumberField("rx_errors", network.rxErrors());
    out.writeNumberField("rx_dropped", network.rxDropped());
    out.writeNumberField("tx_bytes", network.txBytes());
    out.writeNumberField("tx_packets", network.txPackets());
    out.writeNumberField("tx_errors", network.txErrors());
    out.writeNumberField("tx_dropped", network.txDropped());
  }

  /** Connections, which cAdvisor counts only when told to: all zero, as its default has them. */
  static void connections(JsonGenerator out) throws IOException {
    Json.numbers(out, "tcp", TCP);
    Json.numbers(out, "tcp6", TCP);
    Json.numbers(out, "udp", UDP);
    Json.numbers(out, "udp6", UDP);
    Json.numbers(out, "tcp_advanced", TcpAdvanced.NAMES);
  }

  static void processes(JsonGenerator out, ContainerSample.Processes processes) throws IOException {
    out.writeObjectFieldStart("processes");
    out.writeNumberField("process_count", processes.processes());
    out.writeNumberField("fd_count", processes.files());
    out.writeNumberField("socket_count", processes.sockets());
    Json.unlessZero(out, "threads_current", processes.threads());
    Json.unlessZero(out, "threads_max", processes.threadsMax());
    out.writeEndObject();
  }

  static void empty(JsonGenerator out, String name) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeEndObject();
  }
}
