package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jkubelet.stats.ContainerSample;
import dev.jkubelet.stats.MachineInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;

/** v2.1's storage: the machine's file systems. */
final class MachineJson {
  private MachineJson() {}

  /**
   * The file systems, or the labelled one alone.
   *
   * @param nodeFs that of the agent's folder, cAdvisor's {@code root}
   * @param imageFs that of the engine's images, {@code docker-images}
   * @throws ApiError when nothing bears the label
   */
  static ByteString storage(
      List<ContainerSample.Filesystem> all,
      Optional<ContainerSample.Filesystem> nodeFs,
      Optional<ContainerSample.Filesystem> imageFs,
      Instant time,
      Optional<String> label) {
    var chosen =
        all.stream()
            .filter(fs -> label.isEmpty() || labels(fs, nodeFs, imageFs).contains(label.get()))
            .toList();
    if (label.isPresent() && chosen.isEmpty()) {
      throw new ApiError(500, "non-existent label \"" + label.get() + "\"");
    }
    return Json.of(
        out -> {
          out.writeStartArray();
          for (var fs : chosen) {
            filesystem(out, fs, labels(fs, nodeFs, imageFs), time);
          }
          out.writeEndArray();
        });
  }

  /** v2.1's attributes: MachineInfo without its parts that change, and the versions. */
  static ByteString attributes(Attributes about) {
    var machine = about.machine();
    return Json.of(
        out -> {
          out.writeStartObject();
          out.writeStringField("kernel_version", about.kernel());
          out.writeStringField("container_os_version", about.os());
          out.writeStringField("docker_version", about.docker());
          out.writeStringField("docker_api_version", about.dockerApi());
          out.writeStringField("cadvisor_version", about.version());
          out.writeNumberField("num_cores", machine.numCores());
          out.writeNumberField("cpu_frequency_khz", machine.cpuFrequency());
          out.writeNumberField("memory_capacity", machine.memoryCapacity());
          out.writeStringField("machine_id", machine.machineId());
          out.writeStringField("system_uuid", machine.systemUuid());
          out.writeFieldName("hugepages");
          out.writePOJO(machine.hugePages());
          out.writeFieldName("filesystems");
          out.writePOJO(machine.filesystems());
          out.writeFieldName("disk_map");
          out.writePOJO(machine.diskMap());
          out.writeFieldName("network_devices");
          out.writePOJO(machine.networkDevices());
          out.writeFieldName("topology");
          out.writePOJO(machine.topology());
          out.writeStringField("cloud_provider", machine.cloudProvider());
          out.writeStringField("instance_type", machine.instanceType());
          out.writeEndObject();
        });
  }

  /**
   * What {@code attributes} tells.
   *
   * @param docker the engine's version; empty while unknown, as is {@code dockerApi}
   */
  record Attributes(
      MachineInfo machine,
      String kernel,
      String os,
      String docker,
      String dockerApi,
      String version) {}

  private static List<String> labels(
      ContainerSample.Filesystem fs,
      Optional<ContainerSample.Filesystem> nodeFs,
      Optional<ContainerSample.Filesystem> imageFs) {
    var labels = new java.util.ArrayList<String>();
    if (nodeFs.filter(node -> node.device().equals(fs.device())).isPresent()) {
      labels.add("root");
    }
    if (imageFs.filter(images -> images.device().equals(fs.device())).isPresent()) {
      labels.add("docker-images");
    }
    return labels;
  }

  private static void filesystem(
      JsonGenerator out, ContainerSample.Filesystem fs, List<String> labels, Instant time)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("timestamp", Json.time(time));
    out.writeStringField("device", fs.device());
    // A tmpfs is named by where it is mounted; what the agent's own folder is on counts as root.
    out.writeStringField("mountpoint", labels.isEmpty() ? fs.device() : "/");
    out.writeNumberField("capacity", fs.capacity());
    out.writeNumberField("available", fs.available());
    out.writeNumberField("usage", fs.usage());
    out.writeArrayFieldStart("labels");
    for (var label : labels) {
      out.writeString(label);
    }
    out.writeEndArray();
    Json.unlessZero(out, "inodes", fs.inodes());
    Json.unlessZero(out, "inodes_free", fs.inodesFree());
    out.writeEndObject();
  }
}
