package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerRecord.Kind;
import java.io.IOException;
import java.util.List;

/** What bounds a container, as info/v1 and info/v2 order it. */
final class SpecJson {
  private SpecJson() {}

  static void v1(JsonGenerator out, ContainerRecord record) throws IOException {
    out.writeStartObject();
    created(out, record);
    Json.unlessEmpty(out, "labels", record.spec().labels());
    cpu(out, record, true);
    memory(out, record);
    out.writeBooleanField("has_hugetlb", false);
    out.writeBooleanField("has_network", hasNetwork(record));
    processes(out, record);
    out.writeBooleanField("has_filesystem", hasFilesystem(record));
    out.writeBooleanField("has_diskio", true);
    out.writeBooleanField("has_custom_metrics", false);
    Json.unlessEmpty(out, "image", record.spec().image());
    out.writeEndObject();
  }

  static void v2(JsonGenerator out, ContainerRecord record) throws IOException {
    out.writeStartObject();
    created(out, record);
    aliases(out, record.aliases());
    Json.unlessEmpty(out, "labels", record.spec().labels());
    cpu(out, record, false);
    memory(out, record);
    out.writeBooleanField("has_hugetlb", false);
    out.writeBooleanField("has_custom_metrics", false);
    processes(out, record);
    out.writeBooleanField("has_network", hasNetwork(record));
    out.writeBooleanField("has_filesystem", hasFilesystem(record));
    out.writeBooleanField("has_diskio", true);
    Json.unlessEmpty(out, "image", record.spec().image());
    out.writeEndObject();
  }

  static void aliases(JsonGenerator out, List<String> aliases) throws IOException {
    if (aliases.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("aliases");
    for (var alias : aliases) {
      out.writeString(alias);
    }
    out.writeEndArray();
    out.writeStringField("namespace", "docker");
  }

  /** Only whoever owns a network namespace: a container of a pod uses its sandbox's. */
  static boolean hasNetwork(ContainerRecord record) {
    return record.kind() == Kind.MACHINE
        || record.kind() == Kind.SANDBOX
        || !record.latest().network().isEmpty();
  }

  static boolean hasFilesystem(ContainerRecord record) {
    return record.kind() == Kind.MACHINE || record.container().isPresent();
  }

  static boolean hasProcesses(ContainerRecord record) {
    return record.kind() != Kind.MACHINE;
  }

  private static void created(JsonGenerator out, ContainerRecord record) throws IOException {
    out.writeStringField("creation_time", Json.time(record.spec().created()));
  }

  private static void cpu(JsonGenerator out, ContainerRecord record, boolean bandwidth)
      throws IOException {
    var spec = record.spec();
    out.writeBooleanField("has_cpu", spec.hasCpu());
    out.writeObjectFieldStart("cpu");
    out.writeNumberField("limit", spec.cpuShares());
    out.writeNumberField("max_limit", 0);
    Json.unlessEmpty(out, "mask", spec.cpuMask());
    if (bandwidth) {
      Json.unlessZero(out, "quota", spec.cpuQuota());
      Json.unlessZero(out, "period", spec.cpuPeriod());
    }
    out.writeEndObject();
  }

  private static void memory(JsonGenerator out, ContainerRecord record) throws IOException {
    var spec = record.spec();
    out.writeBooleanField("has_memory", spec.hasMemory());
    out.writeObjectFieldStart("memory");
    Json.unlessZero(out, "limit", spec.memoryLimit());
    Json.unlessZero(out, "reservation", spec.memoryReservation());
    Json.unlessZero(out, "swap_limit", spec.swapLimit());
    out.writeEndObject();
  }

  private static void processes(JsonGenerator out, ContainerRecord record) throws IOException {
    out.writeBooleanField("has_processes", hasProcesses(record));
    out.writeObjectFieldStart("processes");
    Json.unlessZero(out, "limit", record.latest().processes().threadsMax());
    out.writeEndObject();
  }
}
