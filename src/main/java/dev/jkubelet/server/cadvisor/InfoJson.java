package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerSample;
import dev.jkubelet.stats.NodeSnapshot;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;

/** Answers of v1: info/v1's ContainerInfo. */
final class InfoJson {
  private final NodeSnapshot node;
  private final InfoRequest request;

  InfoJson(NodeSnapshot node, InfoRequest request) {
    this.node = node;
    this.request = request;
  }

  ByteString one(ContainerRecord record) {
    return Json.of(out -> info(out, record));
  }

  ByteString list(Stream<ContainerRecord> records) {
    return Json.of(
        out -> {
          out.writeStartArray();
          for (var record : records.toList()) {
            info(out, record);
          }
          out.writeEndArray();
        });
  }

  ByteString byName(Stream<ContainerRecord> records) {
    return Json.of(
        out -> {
          out.writeStartObject();
          for (var record : records.toList()) {
            out.writeFieldName(record.path());
            info(out, record);
          }
          out.writeEndObject();
        });
  }

  private void info(JsonGenerator out, ContainerRecord record) throws IOException {
    out.writeStartObject();
    Json.unlessEmpty(out, "id", record.container().map(ContainerRecord.Container::id).orElse(""));
    out.writeStringField("name", record.path());
    SpecJson.aliases(out, record.aliases());
    children(out, record);
    out.writeFieldName("spec");
    SpecJson.v1(out, record);
    var stats = request.of(record.history());
    if (!stats.isEmpty()) {
      out.writeArrayFieldStart("stats");
      for (var sample : stats) {
        sample(out, sample);
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private void children(JsonGenerator out, ContainerRecord record) throws IOException {
    var names = node.children(record.path()).map(ContainerRecord::path).toList();
    if (names.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("subcontainers");
    for (var name : names) {
      out.writeStartObject();
      out.writeStringField("name", name);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void sample(JsonGenerator out, ContainerSample sample) throws IOException {
    out.writeStartObject();
    out.writeStringField("timestamp", Json.time(sample.time()));
    SampleJson.cpu(out, sample.cpu());
    SampleJson.disks(out, sample.disks());
    SampleJson.memory(out, sample.memory());
    network(out, sample.network());
    filesystems(out, sample.filesystems());
    Json.numbers(out, "task_stats", TASKS);
    SampleJson.processes(out, sample.processes());
    SampleJson.empty(out, "resctrl");
    out.writeEndObject();
  }

  private static final String[] TASKS = {
    "nr_sleeping", "nr_running", "nr_stopped", "nr_uninterruptible", "nr_io_wait"
  };

  private static final ContainerSample.NetworkInterface NONE =
      new ContainerSample.NetworkInterface("", 0, 0, 0, 0, 0, 0, 0, 0);

  /** The first interface stands for all in the old fields. */
  private static void network(JsonGenerator out, List<ContainerSample.NetworkInterface> all)
      throws IOException {
    out.writeObjectFieldStart("network");
    SampleJson.counters(out, all.isEmpty() ? NONE : all.getFirst());
    SampleJson.interfaces(out, all);
    SampleJson.connections(out);
    out.writeEndObject();
  }

  private static void filesystems(JsonGenerator out, List<ContainerSample.Filesystem> all)
      throws IOException {
    if (all.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("filesystem");
    for (var one : all) {
      filesystem(out, one);
    }
    out.writeEndArray();
  }

  private static void filesystem(JsonGenerator out, ContainerSample.Filesystem one)
      throws IOException {
    var io = one.io();
    out.writeStartObject();
    Json.unlessEmpty(out, "device", one.device());
    out.writeStringField("type", one.type());
    out.writeNumberField("capacity", one.capacity());
    out.writeNumberField("usage", one.usage());
    out.writeNumberField("base_usage", one.baseUsage());
    out.writeNumberField("available", one.available());
    out.writeBooleanField("has_inodes", one.inodes() > 0);
    out.writeNumberField("inodes", one.inodes() > 0 ? one.inodes() : one.inodesUsed());
    out.writeNumberField("inodes_free", one.inodesFree());
    out.writeNumberField("reads_completed", io.reads());
    out.writeNumberField("reads_merged", io.readsMerged());
    out.writeNumberField("sectors_read", io.sectorsRead());
    out.writeNumberField("read_time", io.readTime());
    out.writeNumberField("writes_completed", io.writes());
    out.writeNumberField("writes_merged", io.writesMerged());
    out.writeNumberField("sectors_written", io.sectorsWritten());
    out.writeNumberField("write_time", io.writeTime());
    out.writeNumberField("io_in_progress", io.inProgress());
    out.writeNumberField("io_time", io.ioTime());
    out.writeNumberField("weighted_io_time", io.weightedIoTime());
    out.writeEndObject();
  }
}
