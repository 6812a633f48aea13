package dev.jkubelet.stats;

import java.util.concurrent.atomic.LongAdder;

/**
 * How often each probe succeeded and failed, for {@code /metrics/probes}. Safe from any thread; a
 * series lives as long as its probe.
 */
public final class ProbeMetrics {
  /** Two results of three probes of a thousand containers. */
  private static final int MOST_SERIES = 6000;

  private static final String SUCCESSFUL = "successful";

  private final Family<LongAdder> results =
      Family.counter(
              "prober_probe_total",
              "[ALPHA] Cumulative number of a liveness, readiness or startup probe for a container"
                  + " by result.",
              "container",
              "namespace",
              "pod",
              "pod_uid",
              "probe_type",
              "result")
          .atMost(MOST_SERIES);

  /** Whose results. */
  public record Series(
      String container, String namespace, String pod, String podUid, String probeType) {
    private String[] labels(boolean success) {
      return new String[] {
        container, namespace, pod, podUid, probeType, success ? SUCCESSFUL : "failed"
      };
    }
  }

  /** Is told how often a probe had one result so far. */
  @FunctionalInterface
  public interface Reader {
    void read(Series of, boolean success, long count);
  }

  private final ProcessMetrics process;

  ProbeMetrics(ProcessMetrics process) {
    this.process = process;
  }

  /** Tells of every series; those past the bound, which are counted together, are left out. */
  public void forEach(Reader reader) {
    results.forEach(
        (labels, count) -> {
          if (!labels.getLast().equals(Family.OTHER)) {
            reader.read(
                new Series(
                    labels.get(0), labels.get(1), labels.get(2), labels.get(3), labels.get(4)),
                labels.getLast().equals(SUCCESSFUL),
                count.sum());
          }
        });
  }

  /** Once more. */
  public void count(Series series, boolean success) {
    results.with(series.labels(success)).increment();
  }

  /** The probe is no more. */
  public void forget(Series series) {
    results.remove(series.labels(true));
    results.remove(series.labels(false));
  }

  /** All of it, as it is now. */
  public byte[] render(MetricsFormat format) {
    var out = new Exposition(format);
    results.render(out);
    process.renderStart(out, "[ALPHA] ");
    return out.bytes();
  }
}
