package dev.jkubelet.stats;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;

/** {@code /metrics} of port 4194: containers under cAdvisor's labels, the machine, this process. */
public final class CadvisorMetrics {
  private final NodeStats stats;
  private final MachineSeries machine;
  private final ProcessMetrics process;
  private final InstantSource clock;

  /** Of the last answer: the next will be like it. */
  private volatile int size;

  /** {@code dockerVersion} is asked at each scrape and must not block; empty while unknown. */
  public CadvisorMetrics(
      NodeStats stats,
      Machine machine,
      Supplier<String> dockerVersion,
      BuildInfo build,
      InstantSource clock) {
    this(stats, machine, dockerVersion, build, clock, Path.of("/"));
  }

  CadvisorMetrics(
      NodeStats stats,
      Machine machine,
      Supplier<String> dockerVersion,
      BuildInfo build,
      InstantSource clock,
      Path root) {
    this.stats = stats;
    this.machine = new MachineSeries(machine, dockerVersion, build, new HostFiles(root), true);
    this.process = new ProcessMetrics(root.resolve("proc"), ProcessMetrics.LARGEST);
    this.clock = clock;
  }

  /** All of it, as it is now; reads a few files of /proc. */
  public byte[] render(MetricsFormat format) {
    var out = new Exposition(format, size);
    machine.version(out);
    new ContainerSeries(ContainerLabels.CADVISOR, stats.latest(), clock.millis(), out, format)
        .render();
    machine.machine(out);
    process.render(out);
    var answer = out.bytes();
    size = answer.length;
    return answer;
  }
}
