package dev.jkubelet.app.kamon;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.stats.ContainerRecord;
import dev.jkubelet.stats.ContainerSample;
import dev.jkubelet.stats.NodeSnapshot;
import java.util.HashMap;
import java.util.Map;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.Instrument;
import kamon.metric.MeasurementUnit;
import kamon.tag.TagSet;

/**
 * What pods' containers use, for Kamon's reporters: one series per container and metric, gone with
 * the container. Confined to whoever calls it.
 */
final class KamonContainers {
  private final Map<String, Series> byPath = new HashMap<>();

  /** Takes over what is measured now. */
  void look(NodeSnapshot snapshot) {
    byPath.keySet().stream()
        .filter(path -> snapshot.at(path).isEmpty())
        .toList()
        .forEach(path -> byPath.remove(path).remove());
    snapshot
        .engineContainers()
        .filter(record -> record.pod().isPresent())
        .forEach(
            record ->
                byPath
                    .computeIfAbsent(record.path(), _ -> new Series(record.pod().get(), record))
                    .take(record));
  }

  /** Kamon's counters are told of growth; what was used before the first look counts as such. */
  private static final class Series {
    private final Counter cpu;
    private final Gauge workingSet;
    private final Gauge memory;
    private final Counter received;
    private final Counter sent;
    private final Gauge restarts;
    private long cpuBefore;
    private long receivedBefore;
    private long sentBefore;

    Series(PodKey pod, ContainerRecord record) {
      var tags =
          TagSet.builder()
              .add("namespace", pod.namespace())
              .add("pod", pod.name())
              .add("container", record.container().orElseThrow().name())
              .build();
      var bytes = MeasurementUnit.information().bytes();
      this.cpu =
          Kamon.counter(
                  "container.cpu", "Processor time used", MeasurementUnit.time().nanoseconds())
              .withTags(tags);
      this.workingSet =
          Kamon.gauge("container.memory.working-set", "Memory that can't be given back", bytes)
              .withTags(tags);
      this.memory =
          Kamon.gauge("container.memory.usage", "Memory with page cache", bytes).withTags(tags);
      this.received =
          Kamon.counter("container.network.received", "Bytes received", bytes).withTags(tags);
      this.sent = Kamon.counter("container.network.sent", "Bytes sent", bytes).withTags(tags);
      this.restarts =
          Kamon.gauge("container.restarts", "How often it was started anew").withTags(tags);
    }

    void take(ContainerRecord record) {
      var sample = record.latest();
      cpuBefore = grow(cpu, cpuBefore, sample.cpu().total());
      receivedBefore = grow(received, receivedBefore, sum(sample, true));
      sentBefore = grow(sent, sentBefore, sum(sample, false));
      workingSet.update((double) sample.memory().workingSet());
      memory.update((double) sample.memory().usage());
      restarts.update(record.container().orElseThrow().restarts());
    }

    private static long grow(Counter counter, long before, long now) {
      if (now > before) {
        counter.increment(now - before);
      }
      return now;
    }

    private static long sum(ContainerSample sample, boolean in) {
      return sample.network().stream().mapToLong(n -> in ? n.rxBytes() : n.txBytes()).sum();
    }

    void remove() {
      for (Instrument<?, ?> each :
          new Instrument<?, ?>[] {cpu, workingSet, memory, received, sent, restarts}) {
        each.remove();
      }
    }
  }
}
