package dev.jkubelet.stats;

import java.nio.file.Path;
import java.util.function.Supplier;

/** {@code /metrics} of port 4194 without the containers' series: the machine and this process. */
public final class CadvisorMetrics {
  private final MachineSeries machine;
  private final ProcessMetrics process;

  /** {@code dockerVersion} is asked at each scrape and must not block; empty while unknown. */
  public CadvisorMetrics(Machine machine, Supplier<String> dockerVersion, BuildInfo build) {
    this(machine, dockerVersion, build, Path.of("/"));
  }

  CadvisorMetrics(Machine machine, Supplier<String> dockerVersion, BuildInfo build, Path root) {
    this.machine = new MachineSeries(machine, dockerVersion, build, new HostFiles(root), true);
    this.process = new ProcessMetrics(root.resolve("proc"), ProcessMetrics.LARGEST);
  }

  /** Prometheus' text format 0.0.4; reads a few files of /proc. */
  public byte[] render() {
    var out = new Exposition();
    machine.version(out);
    machine.machine(out);
    process.render(out);
    return out.bytes();
  }
}
