package dev.jkubelet.app.kamon;

import dev.jkubelet.stats.ProbeMetrics;
import dev.jkubelet.stats.ProbeMetrics.Series;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.tag.TagSet;

/**
 * What containers' probes came to, for Kamon's reporters; a series is gone with its probe. Confined
 * to whoever calls it.
 */
final class KamonProbes {
  private final ProbeMetrics probes;
  private final Map<Result, Told> told = new HashMap<>();

  KamonProbes(ProbeMetrics probes) {
    this.probes = probes;
  }

  private record Result(Series of, boolean success) {
    Counter counter() {
      return Kamon.counter("container.probes", "Looks of a probe at a container")
          .withTags(
              TagSet.builder()
                  .add("namespace", of.namespace())
                  .add("pod", of.pod())
                  .add("container", of.container())
                  .add("probe", of.probeType())
                  .add("result", success ? "successful" : "failed")
                  .build());
    }
  }

  private record Told(Counter counter, long count) {}

  /** Takes over what was counted until now. */
  void look() {
    var found = new HashSet<Result>();
    probes.forEach(
        (of, success, count) -> {
          var result = new Result(of, success);
          found.add(result);
          var before = told.get(result);
          var counter = before == null ? result.counter() : before.counter();
          counter.increment(count - (before == null ? 0 : before.count()));
          told.put(result, new Told(counter, count));
        });
    told.entrySet()
        .removeIf(
            entry -> {
              boolean gone = !found.contains(entry.getKey());
              if (gone) {
                entry.getValue().counter().remove();
              }
              return gone;
            });
  }
}
