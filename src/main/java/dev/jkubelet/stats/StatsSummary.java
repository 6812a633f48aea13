package dev.jkubelet.stats;

import dev.jkubelet.model.PodKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code /stats/summary}: the node and its pods as metrics-server and others read them. */
public final class StatsSummary {
  private final NodeStats stats;
  private final String nodeName;
  private final MeasuredCgroups cgroups;
  private final Instant booted;
  private final Instant started;

  /**
   * Of this machine.
   *
   * @param started when this agent was
   */
  public StatsSummary(
      NodeStats stats, String nodeName, MeasuredCgroups cgroups, Instant booted, Instant started) {
    this.stats = stats;
    this.nodeName = nodeName;
    this.cgroups = cgroups;
    this.booted = booted;
    this.started = started;
  }

  /** A pod's cgroups; those of its containers are without the sandbox's. */
  private record PodRecords(
      PodKey key,
      Optional<ContainerRecord> own,
      Optional<ContainerRecord> sandbox,
      List<ContainerRecord> containers) {
    Optional<PodRecords> living() {
      return sandbox.isPresent() || !containers.isEmpty() ? Optional.of(this) : Optional.empty();
    }
  }

  /**
   * JSON, indented by one blank, in the order of the kubelet's fields.
   *
   * @param startTimes of the pods by UID; a pod that has none yet is left out
   */
  public byte[] render(Map<String, Instant> startTimes) {
    return write(
        (out, snapshot) -> {
          out.object("node");
          node(out, snapshot);
          snapshot.machine().ifPresent(machine -> out.network(machine.latest()));
          snapshot.nodeFs().ifPresent(fs -> out.filesystem("fs", snapshot.time(), fs));
          snapshot
              .imageFs()
              .ifPresent(
                  fs -> {
                    out.object("runtime");
                    out.filesystem("imageFs", snapshot.time(), fs);
                    out.end();
                  });
          out.object("rlimit");
          out.time("time", snapshot.time());
          out.number("maxpid", snapshot.processes().max());
          out.number("curproc", snapshot.processes().current());
          out.end();
          out.end();
          out.array("pods");
          for (var pod : pods(snapshot)) {
            Optional.ofNullable(startTimes.get(pod.key().uid()))
                .ifPresent(start -> pod(out, snapshot, pod, start));
          }
          out.endArray();
        });
  }

  /** The same with processor and memory alone; pods start with their sandboxes. */
  public byte[] renderCpuAndMemory() {
    return write(
        (out, snapshot) -> {
          out.object("node");
          node(out, snapshot);
          out.end();
          out.array("pods");
          for (var pod : pods(snapshot)) {
            out.object();
            podRef(out, pod);
            out.time(
                "startTime",
                pod.sandbox().map(box -> box.spec().created()).orElse(SummaryJson.NEVER));
            containers(out, pod, (_, _) -> {});
            pod.own().ifPresent(out::cpuAndMemory);
            out.end();
          }
          out.endArray();
        });
  }

  private interface Content {
    void write(SummaryJson out, NodeSnapshot snapshot);
  }

  private byte[] write(Content content) {
    var bytes = new ByteArrayOutputStream(64 * 1024);
    try (var out = new SummaryJson(GoJson.indenting(bytes))) {
      out.object();
      content.write(out, stats.latest());
      out.end();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return bytes.toByteArray();
  }

  private void node(SummaryJson out, NodeSnapshot snapshot) {
    out.text("nodeName", nodeName);
    out.array("systemContainers");
    cgroups
        .kubelet()
        .flatMap(snapshot::at)
        .ifPresent(kubelet -> system(out, "kubelet", started, kubelet));
    cgroups
        .runtime()
        .flatMap(snapshot::at)
        .ifPresent(runtime -> system(out, "runtime", runtime.spec().created(), runtime));
    snapshot.at(cgroups.pods()).ifPresent(pods -> system(out, "pods", pods.spec().created(), pods));
    out.endArray();
    out.time("startTime", booted);
    snapshot.machine().ifPresent(out::cpuAndMemory);
  }

  private static void system(
      SummaryJson out, String name, Instant start, ContainerRecord container) {
    out.object();
    out.text("name", name);
    out.time("startTime", start);
    out.cpuAndMemory(container);
    out.end();
  }

  private static void podRef(SummaryJson out, PodRecords pod) {
    out.object("podRef");
    out.text("name", pod.key().name());
    out.text("namespace", pod.key().namespace());
    out.text("uid", pod.key().uid());
    out.end();
  }

  private interface More {
    void write(SummaryJson out, ContainerRecord container);
  }

  private static void containers(SummaryJson out, PodRecords pod, More more) {
    if (pod.containers().isEmpty()) {
      out.nothing("containers");
      return;
    }
    out.array("containers");
    for (var container : pod.containers()) {
      out.object();
      out.text("name", container.container().orElseThrow().name());
      out.time("startTime", container.spec().created());
      out.cpuAndMemory(container);
      more.write(out, container);
      out.end();
    }
    out.endArray();
  }

  private static void pod(
      SummaryJson out, NodeSnapshot snapshot, PodRecords pod, Instant startTime) {
    out.object();
    podRef(out, pod);
    out.time("startTime", startTime);
    containers(out, pod, (json, container) -> disks(json, snapshot, container));
    pod.own().ifPresent(out::cpuAndMemory);
    pod.sandbox().ifPresent(sandbox -> out.network(sandbox.latest()));
    var volumes = snapshot.volumes().getOrDefault(pod.key().uid(), List.of());
    out.volumes(volumes);
    snapshot
        .nodeFs()
        .ifPresent(fs -> out.ephemeralStorage(snapshot.time(), fs, pod.containers(), volumes));
    pod.own()
        .ifPresent(
            own -> {
              out.object("process_stats");
              out.number("process_count", own.latest().processes().processes());
              out.end();
            });
    out.end();
  }

  private static void disks(SummaryJson out, NodeSnapshot snapshot, ContainerRecord container) {
    var time = container.latest().time();
    var own = container.latest().filesystems().stream().findFirst();
    snapshot.imageFs().ifPresent(fs -> out.writableLayer(time, fs, own));
    snapshot.nodeFs().ifPresent(fs -> out.logs(time, fs, own));
  }

  private static List<PodRecords> pods(NodeSnapshot snapshot) {
    var byUid = new TreeMap<String, PodRecords>();
    for (var record : snapshot.containers().values()) {
      record.pod().ifPresent(pod -> byUid.merge(pod.uid(), only(pod, record), StatsSummary::both));
    }
    return byUid.values().stream().map(PodRecords::living).flatMap(Optional::stream).toList();
  }

  private static PodRecords only(PodKey key, ContainerRecord record) {
    return switch (record.kind()) {
      case POD -> new PodRecords(key, Optional.of(record), Optional.empty(), List.of());
      case SANDBOX -> new PodRecords(key, Optional.empty(), Optional.of(record), List.of());
      case CONTAINER -> new PodRecords(key, Optional.empty(), Optional.empty(), List.of(record));
      case MACHINE, GROUP -> new PodRecords(key, Optional.empty(), Optional.empty(), List.of());
    };
  }

  /** A container that was started again is there once: the newer. */
  private static PodRecords both(PodRecords one, PodRecords other) {
    var byName = new TreeMap<String, ContainerRecord>();
    for (var records : List.of(one.containers(), other.containers())) {
      for (var record : records) {
        byName.merge(
            record.container().orElseThrow().name(),
            record,
            (a, b) -> a.spec().created().isAfter(b.spec().created()) ? a : b);
      }
    }
    return new PodRecords(
        one.key(),
        one.own().or(other::own),
        newer(one.sandbox(), other.sandbox()),
        List.copyOf(byName.values()));
  }

  private static Optional<ContainerRecord> newer(
      Optional<ContainerRecord> one, Optional<ContainerRecord> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().spec().created().isAfter(other.get().spec().created()) ? one : other;
  }
}
