package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.ContainerSample;
import java.io.IOException;
import java.util.List;
import org.apache.pekko.util.ByteString;

/** Answers of v2.1: specs and readings by name, and the machine's readings. */
final class StatsJson {
  private StatsJson() {}

  /** The machine is left out, as there: its readings are the machine's. */
  static ByteString stats(List<ContainerRecord> records, int count) {
    return Json.of(
        out -> {
          out.writeStartObject();
          for (var record : records) {
            if (record.kind() != Kind.MACHINE) {
              out.writeObjectFieldStart(record.path());
              out.writeFieldName("spec");
              SpecJson.v2(out, record);
              samples(out, record, count);
              out.writeEndObject();
            }
          }
          out.writeEndObject();
        });
  }

  static ByteString specs(List<ContainerRecord> records) {
    return Json.of(
        out -> {
          out.writeStartObject();
          for (var record : records) {
            out.writeFieldName(record.path());
            SpecJson.v2(out, record);
          }
          out.writeEndObject();
        });
  }

  /** No container tells of metrics of its own. */
  static ByteString appMetrics(List<ContainerRecord> records) {
    return Json.of(
        out -> {
          out.writeStartObject();
          for (var record : records) {
            SampleJson.empty(out, record.path());
          }
          out.writeEndObject();
        });
  }

  static ByteString machine(ContainerRecord machine, int count) {
    return Json.of(
        out -> {
          out.writeStartArray();
          ContainerSample before = null;
          for (var sample : last(machine, count)) {
            machine(out, before, sample);
            before = sample;
          }
          out.writeEndArray();
        });
  }

  private static void samples(JsonGenerator out, ContainerRecord record, int count)
      throws IOException {
    var samples = last(record, count);
    if (samples.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("stats");
    ContainerSample before = null;
    for (var sample : samples) {
      sample(out, record, before, sample);
      before = sample;
    }
    out.writeEndArray();
  }

  private static List<ContainerSample> last(ContainerRecord record, int count) {
    return record.history().last(count < 0 ? Integer.MAX_VALUE : count);
  }

  private static void sample(
      JsonGenerator out, ContainerRecord record, ContainerSample before, ContainerSample sample)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("timestamp", Json.time(sample.time()));
    if (record.spec().hasCpu()) {
      cpu(out, before, sample);
    }
    SampleJson.disks(out, sample.disks());
    if (record.spec().hasMemory()) {
      SampleJson.memory(out, sample.memory());
    }
    if (SpecJson.hasNetwork(record)) {
      network(out, sample);
    }
    if (SpecJson.hasProcesses(record)) {
      SampleJson.processes(out, sample.processes());
    }
    if (SpecJson.hasFilesystem(record) && !sample.filesystems().isEmpty()) {
      filesystem(out, sample.filesystems().getFirst());
    }
    SampleJson.empty(out, "resctrl");
    out.writeEndObject();
  }

  private static void machine(JsonGenerator out, ContainerSample before, ContainerSample sample)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("timestamp", Json.time(sample.time()));
    cpu(out, before, sample);
    SampleJson.memory(out, sample.memory());
    network(out, sample);
    if (!sample.filesystems().isEmpty()) {
      out.writeArrayFieldStart("filesystem");
      for (var one : sample.filesystems()) {
        machineFilesystem(out, one);
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private static void cpu(JsonGenerator out, ContainerSample before, ContainerSample sample)
      throws IOException {
    SampleJson.cpu(out, sample.cpu());
    if (before != null) {
      SampleJson.cpuRate(out, before, sample);
    }
  }

  private static void network(JsonGenerator out, ContainerSample sample) throws IOException {
    out.writeObjectFieldStart("network");
    SampleJson.interfaces(out, sample.network());
    SampleJson.connections(out);
    out.writeEndObject();
  }

  /** cAdvisor's own spelling of the last name. */
  private static void filesystem(JsonGenerator out, ContainerSample.Filesystem one)
      throws IOException {
    out.writeObjectFieldStart("filesystem");
    out.writeNumberField("totalUsageBytes", one.usage());
    out.writeNumberField("baseUsageBytes", one.baseUsage());
    out.writeNumberField("containter_inode_usage", one.inodesUsed());
    out.writeEndObject();
  }

  /** Durations in nanoseconds, below {@code inline}, which Go's encoder takes for a name. */
  private static void machineFilesystem(JsonGenerator out, ContainerSample.Filesystem one)
      throws IOException {
    var io = one.io();
    out.writeStartObject();
    out.writeStringField("device", one.device());
    out.writeStringField("type", one.type());
    out.writeNumberField("capacity", one.capacity());
    out.writeNumberField("usage", one.usage());
    out.writeNumberField("available", one.available());
    if (one.inodes() > 0) {
      out.writeNumberField("inodes_free", one.inodesFree());
    }
    Json.numbers(
        out,
        "inline",
        DISK,
        io.reads(),
        io.readsMerged(),
        io.sectorsRead(),
        io.readTime() * NANOS_PER_MILLI,
        io.writes(),
        io.writesMerged(),
        io.sectorsWritten(),
        io.writeTime() * NANOS_PER_MILLI,
        io.inProgress(),
        io.ioTime() * NANOS_PER_MILLI,
        io.weightedIoTime() * NANOS_PER_MILLI);
    out.writeEndObject();
  }

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final String[] DISK = {
    "reads_completed",
    "reads_merged",
    "sectors_read",
    "read_duration",
    "writes_completed",
    "writes_merged",
    "sectors_written",
    "write_duration",
    "io_in_progress",
    "io_duration",
    "weighted_io_duration"
  };
}
