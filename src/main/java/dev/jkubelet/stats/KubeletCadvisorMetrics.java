package dev.jkubelet.stats;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;

/** {@code /metrics/cadvisor} of the kubelet's ports: containers under the kubelet's labels. */
public final class KubeletCadvisorMetrics {
  private final NodeStats stats;
  private final MachineSeries machine;
  private final InstantSource clock;

  /** Of the last answer: the next will be like it. */
  private volatile int size;

  /** {@code dockerVersion} is asked at each scrape and must not block; empty while unknown. */
  public KubeletCadvisorMetrics(
      NodeStats stats,
      Machine machine,
      Supplier<String> dockerVersion,
      BuildInfo build,
      InstantSource clock) {
    this(
        stats,
        new MachineSeries(machine, dockerVersion, build, new HostFiles(Path.of("/")), false),
        clock);
  }

  KubeletCadvisorMetrics(NodeStats stats, MachineSeries machine, InstantSource clock) {
    this.stats = stats;
    this.machine = machine;
    this.clock = clock;
  }

  /** All of it, as it is now. */
  public byte[] render(MetricsFormat format) {
    var out = new Exposition(format, size);
    machine.version(out);
    new ContainerSeries(ContainerLabels.KUBELET, stats.latest(), clock.millis(), out, format)
        .render();
    machine.machine(out);
    var answer = out.bytes();
    size = answer.length;
    return answer;
  }
}
