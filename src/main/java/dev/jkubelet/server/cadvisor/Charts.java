package dev.jkubelet.server.cadvisor;

import dev.jkubelet.server.cadvisor.Chart.Line;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerRecord.Kind;
import dev.jkubelet.stats.ContainerSample;
import dev.jkubelet.stats.ContainerSpec;
import dev.jkubelet.stats.NodeSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What is drawn of a container: its last two minutes. */
final class Charts {
  private static final double NANOS = 1e9;

  private Charts() {}

  static List<Chart> of(NodeSnapshot node, ContainerRecord record) {
    var samples = record.history().samples();
    var charts = new ArrayList<Chart>();
    charts.add(cpu(record.spec(), samples));
    int cores = record.latest().cpu().perCore().size();
    if (cores > 1) {
      charts.add(perCore(samples, cores));
    }
    charts.add(memory(record, samples));
    network(node, record).ifPresent(owner -> charts.add(network(owner.history().samples())));
    if (!record.latest().disks().isEmpty()) {
      charts.add(disks(samples));
    }
    if (record.container().isPresent()) {
      charts.add(filesystem(samples));
    }
    if (!record.latest().processes().equals(ContainerSample.Processes.NONE)) {
      charts.add(processes(samples));
    }
    return charts;
  }

  private static Chart cpu(ContainerSpec spec, List<ContainerSample> samples) {
    var lines = new ArrayList<Line>();
    lines.add(rate("total", samples, s -> s.cpu().total() / NANOS));
    lines.add(rate("user", samples, s -> s.cpu().user() / NANOS));
    lines.add(rate("system", samples, s -> s.cpu().system() / NANOS));
    if (spec.cpuQuota() > 0 && spec.cpuPeriod() > 0) {
      lines.add(mark("limit", samples, (double) spec.cpuQuota() / spec.cpuPeriod()));
    }
    return chart("CPU", Unit.CORES, samples, lines);
  }

  private static Chart perCore(List<ContainerSample> samples, int cores) {
    var lines = new ArrayList<Line>();
    for (int core = 0; core < cores; core++) {
      int index = core;
      lines.add(
          rate(
              "core " + core,
              samples,
              s -> index < s.cpu().perCore().size() ? s.cpu().perCore().get(index) / NANOS : 0));
    }
    return chart("CPU per core", Unit.CORES, samples, lines);
  }

  private static Chart memory(ContainerRecord record, List<ContainerSample> samples) {
    var lines = new ArrayList<Line>();
    lines.add(value("working set", samples, s -> s.memory().workingSet()));
    lines.add(value("usage", samples, s -> s.memory().usage()));
    lines.add(value("cache", samples, s -> s.memory().cache()));
    lines.add(value("rss", samples, s -> s.memory().rss()));
    long limit = ContainerSpec.limited(record.spec().memoryLimit());
    if (limit > 0) {
      lines.add(mark("limit", samples, (double) limit));
    }
    return chart("Memory", Unit.BYTES, samples, lines);
  }

  /** Whose network it uses: its own, or for a pod and its containers the sandbox's. */
  private static Optional<ContainerRecord> network(NodeSnapshot node, ContainerRecord record) {
    if (!record.latest().network().isEmpty()) {
      return Optional.of(record);
    }
    return record
        .pod()
        .flatMap(
            pod ->
                node.engineContainers()
                    .filter(other -> other.kind() == Kind.SANDBOX)
                    .filter(other -> other.pod().filter(pod::equals).isPresent())
                    .filter(other -> !other.latest().network().isEmpty())
                    .findFirst());
  }

  private static Chart network(List<ContainerSample> samples) {
    return chart(
        "Network",
        Unit.BYTES_PER_SECOND,
        samples,
        List.of(
            rate("received", samples, s -> sum(s.network(), n -> n.rxBytes())),
            rate("sent", samples, s -> sum(s.network(), n -> n.txBytes()))));
  }

  private static Chart disks(List<ContainerSample> samples) {
    return chart(
        "Disk I/O",
        Unit.BYTES_PER_SECOND,
        samples,
        List.of(
            rate("read", samples, s -> sum(s.disks(), d -> d.readBytes())),
            rate("written", samples, s -> sum(s.disks(), d -> d.writtenBytes()))));
  }

  private static Chart filesystem(List<ContainerSample> samples) {
    return chart(
        "Filesystem",
        Unit.BYTES,
        samples,
        List.of(
            value("with logs", samples, s -> sum(s.filesystems(), f -> f.usage())),
            value("writable layer", samples, s -> sum(s.filesystems(), f -> f.baseUsage()))));
  }

  private static Chart processes(List<ContainerSample> samples) {
    return chart(
        "Processes",
        Unit.COUNT,
        samples,
        List.of(
            value("processes", samples, s -> s.processes().processes()),
            value("threads", samples, s -> s.processes().threads()),
            value("open files", samples, s -> s.processes().files())));
  }

  private static Chart chart(
      String title, Unit unit, List<ContainerSample> samples, List<Line> lines) {
    return new Chart(title, unit, samples.stream().map(s -> s.nanos() / NANOS).toList(), lines);
  }

  private static Line value(
      String name, List<ContainerSample> samples, ToDoubleFunction<ContainerSample> of) {
    return new Line(name, samples.stream().map(of::applyAsDouble).toList());
  }

  private static Line mark(String name, List<ContainerSample> samples, double at) {
    return new Line(name, Collections.nCopies(samples.size(), at));
  }

  /** Growth per second; a counter that fell was begun anew and says nothing. */
  private static Line rate(
      String name, List<ContainerSample> samples, ToDoubleFunction<ContainerSample> counter) {
    var values = new ArrayList<Double>(samples.size());
    for (int i = 0; i < samples.size(); i++) {
      values.add(i == 0 ? Double.NaN : rate(samples.get(i - 1), samples.get(i), counter));
    }
    return new Line(name, values);
  }

  private static double rate(
      ContainerSample before, ContainerSample now, ToDoubleFunction<ContainerSample> counter) {
    double grown = counter.applyAsDouble(now) - counter.applyAsDouble(before);
    double seconds = (now.nanos() - before.nanos()) / NANOS;
    return seconds > 0 && grown >= 0 ? grown / seconds : Double.NaN;
  }

  private static <T> double sum(List<T> all, ToDoubleFunction<T> of) {
    return all.stream().mapToDouble(of).sum();
  }
}
