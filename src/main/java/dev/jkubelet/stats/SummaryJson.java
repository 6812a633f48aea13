package dev.jkubelet.stats;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jkubelet.stats.ContainerSample.Filesystem;
import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import dev.jkubelet.stats.NodeSnapshot.VolumeUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The parts of {@code /stats/summary}: names and order are those of stats/v1alpha1. */
final class SummaryJson implements AutoCloseable {
  /** Go's zero time. */
  static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

  private static final String MAIN_INTERFACE = "eth0";

  private final JsonGenerator json;

  SummaryJson(JsonGenerator json) {
    this.json = json;
  }

  private interface Piece {
    void write() throws IOException;
  }

  private static void write(Piece piece) {
    try {
      piece.write();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  void object() {
    write(json::writeStartObject);
  }

  void object(String name) {
    write(() -> json.writeObjectFieldStart(name));
  }

  void end() {
    write(json::writeEndObject);
  }

  void array(String name) {
    write(() -> json.writeArrayFieldStart(name));
  }

  void endArray() {
    write(json::writeEndArray);
  }

  void nothing(String name) {
    write(() -> json.writeNullField(name));
  }

  void text(String name, String value) {
    write(() -> json.writeStringField(name, value));
  }

  void number(String name, long value) {
    write(() -> json.writeNumberField(name, value));
  }

  /** To the second, as Kubernetes writes times. */
  void time(String name, Instant time) {
    text(name, time.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  void cpuAndMemory(ContainerRecord record) {
    var sample = record.latest();
    if (record.spec().hasCpu()) {
      object("cpu");
      time("time", sample.time());
      record.nanoCores().ifPresent(nanoCores -> number("usageNanoCores", nanoCores));
      number("usageCoreNanoSeconds", sample.cpu().total());
      end();
    }
    if (record.spec().hasMemory()) {
      var memory = sample.memory();
      long limit = ContainerSpec.limited(record.spec().memoryLimit());
      object("memory");
      time("time", sample.time());
      if (limit > 0) {
        number("availableBytes", limit - memory.workingSet());
      }
      number("usageBytes", memory.usage());
      number("workingSetBytes", memory.workingSet());
      number("rssBytes", memory.rss());
      number("pageFaults", memory.pageFaults());
      number("majorPageFaults", memory.majorPageFaults());
      end();
    }
  }

  void network(ContainerSample sample) {
    if (sample.network().isEmpty()) {
      return;
    }
    object("network");
    time("time", sample.time());
    sample.network().stream()
        .filter(one -> one.name().equals(MAIN_INTERFACE))
        .findFirst()
        .ifPresentOrElse(this::interfaceFields, () -> text("name", ""));
    array("interfaces");
    for (var one : sample.network()) {
      object();
      interfaceFields(one);
      end();
    }
    endArray();
    end();
  }

  private void interfaceFields(NetworkInterface one) {
    text("name", one.name());
    number("rxBytes", one.rxBytes());
    number("rxErrors", one.rxErrors());
    number("txBytes", one.txBytes());
    number("txErrors", one.txErrors());
  }

  /** A whole file system. */
  void filesystem(String name, Instant time, Filesystem fs) {
    object(name);
    fields(time, fs, OptionalLong.of(fs.usage()), OptionalLong.of(fs.inodes() - fs.inodesFree()));
    end();
  }

  /** A container's, on the images' file system. */
  void writableLayer(Instant time, Filesystem images, Optional<Filesystem> own) {
    object("rootfs");
    fields(
        time,
        images,
        own.stream().mapToLong(Filesystem::baseUsage).findFirst(),
        own.stream().mapToLong(Filesystem::inodesUsed).findFirst());
    end();
  }

  /** A container's, on the node's file system, whose inodes count. */
  void logs(Instant time, Filesystem node, Optional<Filesystem> own) {
    object("logs");
    fields(
        time,
        node,
        own.stream().mapToLong(fs -> fs.usage() - fs.baseUsage()).findFirst(),
        OptionalLong.of(node.inodes() - node.inodesFree()));
    end();
  }

  void volumes(List<VolumeUsage> volumes) {
    if (volumes.isEmpty()) {
      return;
    }
    array("volume");
    for (var volume : volumes) {
      object();
      time("time", volume.time());
      number("availableBytes", volume.available());
      number("capacityBytes", volume.capacity());
      number("usedBytes", volume.used());
      number("inodesFree", volume.inodesFree());
      number("inodes", volume.inodes());
      number("inodesUsed", volume.inodesUsed());
      text("name", volume.name());
      end();
    }
    endArray();
  }

  /** What a pod's containers and local volumes occupy together. */
  void ephemeralStorage(
      Instant time, Filesystem node, List<ContainerRecord> containers, List<VolumeUsage> volumes) {
    var own =
        containers.stream()
            .flatMap(container -> container.latest().filesystems().stream())
            .toList();
    var local = volumes.stream().filter(VolumeUsage::ephemeral).toList();
    object("ephemeral-storage");
    if (own.isEmpty() && local.isEmpty()) {
      fields(time, node, OptionalLong.empty(), OptionalLong.empty());
    } else {
      fields(
          time,
          node,
          sum(own.stream().map(Filesystem::usage), local.stream().map(VolumeUsage::used)),
          sum(
              own.stream().map(Filesystem::inodesUsed),
              local.stream().map(VolumeUsage::inodesUsed)));
    }
    end();
  }

  private static OptionalLong sum(Stream<Long> some, Stream<Long> others) {
    return OptionalLong.of(Stream.concat(some, others).mapToLong(Long::longValue).sum());
  }

  private void fields(Instant time, Filesystem fs, OptionalLong used, OptionalLong inodesUsed) {
    time("time", time);
    number("availableBytes", fs.available());
    number("capacityBytes", fs.capacity());
    used.ifPresent(bytes -> number("usedBytes", bytes));
    number("inodesFree", fs.inodesFree());
    number("inodes", fs.inodes());
    inodesUsed.ifPresent(inodes -> number("inodesUsed", inodes));
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
