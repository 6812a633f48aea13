package dev.jkubelet.server.cadvisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.ContainerSample;
import dev.jkubelet.stats.ContainerSpec;
import dev.jkubelet.stats.LongValues;
import dev.jkubelet.stats.NodeSnapshot;
import dev.jkubelet.stats.NodeStats;
import dev.jkubelet.stats.SampleHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Snapshots made of what a real cAdvisor 0.38 answered of its containers. */
public final class RecordedNode {
  private static final JsonMapper JSON = new JsonMapper();

  private RecordedNode() {}

  /** An exchange of {@code /golden/cadvisor}: request line, status, body. */
  public record Exchange(String method, String target, int status, String body) {
    JsonNode json() {
      return RecordedNode.json(body);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  public static Exchange exchange(String name) {
    try (var in = RecordedNode.class.getResourceAsStream("/golden/cadvisor/" + name + ".http")) {
      var parts = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n", 3);
      var request = parts[0].lines().toList().get(1).split(" ", -1);
      int status = Integer.parseInt(parts[1].split(" ", 3)[1]);
      return new Exchange(request[0], request[1], status, parts[2]);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** A node whose measurements stand still. */
  public static NodeStats still(NodeSnapshot snapshot) {
    return new NodeStats() {
      @Override
      public NodeSnapshot latest() {
        return snapshot;
      }

      @Override
      public Source<NodeSnapshot, NotUsed> snapshots() {
        return Source.single(snapshot);
      }
    };
  }

  public static NodeSnapshot of(ContainerRecord... records) {
    var byPath = new TreeMap<String, ContainerRecord>();
    for (var record : records) {
      byPath.put(record.path(), record);
    }
    return new NodeSnapshot(
        Instant.parse("2026-11-23T13:24:00Z"),
        byPath,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        new NodeSnapshot.Processes(0, 0));
  }

  /** From v1's ContainerInfo, or a pair of v2's spec and stats. */
  static ContainerRecord record(String path, JsonNode info) {
    var spec = info.get("spec");
    var aliases = info.has("aliases") ? info.get("aliases") : spec.path("aliases");
    var labels = new HashMap<String, String>();
    spec.path("labels").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    var history = new SampleHistory();
    var samples = new ArrayList<ContainerSample>();
    info.get("stats").forEach(stats -> samples.add(sample(stats)));
    samples.forEach(history::add);
    var name = labels.get("io.kubernetes.container.name");
    return new ContainerRecord(
        path,
        path.equals("/") ? Kind.MACHINE : aliases.isEmpty() ? Kind.GROUP : Kind.CONTAINER,
        name == null
            ? Optional.empty()
            : Optional.of(
                new PodKey(
                    labels.get("io.kubernetes.pod.namespace"),
                    labels.get("io.kubernetes.pod.name"),
                    labels.get("io.kubernetes.pod.uid"))),
        aliases.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new ContainerRecord.Container(
                    aliases.get(1).asText(), name, aliases.get(0).asText(), 0)),
        new ContainerSpec(
            Instant.parse(spec.get("creation_time").asText()),
            spec.get("has_cpu").asBoolean(),
            spec.at("/cpu/limit").asLong(),
            spec.at("/cpu/quota").asLong(),
            spec.at("/cpu/period").asLong(),
            spec.at("/cpu/mask").asText(),
            spec.get("has_memory").asBoolean(),
            spec.at("/memory/limit").asLong(),
            spec.at("/memory/reservation").asLong(),
            spec.at("/memory/swap_limit").asLong(),
            labels,
            spec.path("image").asText("")),
        samples.getLast(),
        history);
  }

  private static ContainerSample sample(JsonNode stats) {
    var at = Instant.parse(stats.get("timestamp").asText());
    return new ContainerSample(
        at.getEpochSecond() * 1_000_000_000 + at.getNano(),
        cpu(stats.get("cpu")),
        memory(stats.get("memory")),
        network(stats.at("/network/interfaces")),
        List.of(),
        filesystems(stats.path("filesystem")),
        ContainerSample.Processes.NONE);
  }

  private static ContainerSample.Cpu cpu(JsonNode cpu) {
    var cores = new ArrayList<Long>();
    cpu.at("/usage/per_cpu_usage").forEach(core -> cores.add(core.asLong()));
    return new ContainerSample.Cpu(
        cpu.at("/usage/total").asLong(),
        cpu.at("/usage/user").asLong(),
        cpu.at("/usage/system").asLong(),
        LongValues.of(cores.stream().mapToLong(Long::longValue).toArray()),
        cpu.at("/cfs/periods").asLong(),
        cpu.at("/cfs/throttled_periods").asLong(),
        cpu.at("/cfs/throttled_time").asLong());
  }

  private static ContainerSample.Memory memory(JsonNode memory) {
    return new ContainerSample.Memory(
        memory.get("usage").asLong(),
        memory.get("max_usage").asLong(),
        memory.get("cache").asLong(),
        memory.get("rss").asLong(),
        memory.get("swap").asLong(),
        memory.get("mapped_file").asLong(),
        memory.get("working_set").asLong(),
        memory.get("failcnt").asLong(),
        memory.at("/container_data/pgfault").asLong(),
        memory.at("/container_data/pgmajfault").asLong());
  }

  private static List<ContainerSample.NetworkInterface> network(JsonNode interfaces) {
    var all = new ArrayList<ContainerSample.NetworkInterface>();
    for (var one : interfaces) {
      all.add(
          new ContainerSample.NetworkInterface(
              one.get("name").asText(),
              one.get("rx_bytes").asLong(),
              one.get("rx_packets").asLong(),
              one.get("rx_errors").asLong(),
              one.get("rx_dropped").asLong(),
              one.get("tx_bytes").asLong(),
              one.get("tx_packets").asLong(),
              one.get("tx_errors").asLong(),
              one.get("tx_dropped").asLong()));
    }
    return all;
  }

  private static List<ContainerSample.Filesystem> filesystems(JsonNode given) {
    var all = new ArrayList<ContainerSample.Filesystem>();
    if (given.isObject()) {
      all.add(
          new ContainerSample.Filesystem(
              "",
              "vfs",
              0,
              given.get("totalUsageBytes").asLong(),
              given.get("baseUsageBytes").asLong(),
              0,
              0,
              0,
              given.get("containter_inode_usage").asLong(),
              ContainerSample.DeviceIo.NONE));
      return all;
    }
    for (var one : given) {
      var io = one.has("inline") ? one.get("inline") : one;
      long milli = one.has("inline") ? 1_000_000 : 1;
      var time = one.has("inline") ? "_duration" : "_time";
      all.add(
          new ContainerSample.Filesystem(
              one.get("device").asText(),
              one.get("type").asText(),
              one.get("capacity").asLong(),
              one.get("usage").asLong(),
              one.path("base_usage").asLong(),
              one.get("available").asLong(),
              one.path("has_inodes").asBoolean() || one.has("inline") ? 1L << 24 : 0,
              one.path("inodes_free").asLong(),
              one.path("inodes").asLong(),
              new ContainerSample.DeviceIo(
                  io.get("reads_completed").asLong(),
                  io.get("reads_merged").asLong(),
                  io.get("sectors_read").asLong(),
                  io.get("read" + time).asLong() / milli,
                  io.get("writes_completed").asLong(),
                  io.get("writes_merged").asLong(),
                  io.get("sectors_written").asLong(),
                  io.get("write" + time).asLong() / milli,
                  io.get("io_in_progress").asLong(),
                  io.get("io" + time).asLong() / milli,
                  io.get("weighted_io" + time).asLong() / milli)));
    }
    return all;
  }
}
