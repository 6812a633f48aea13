package dev.jkubelet.stats;

import java.util.function.Supplier;
import java.util.stream.Stream;

/** cAdvisor's series of the machine and of itself. */
final class MachineSeries {
  private final Machine machine;
  private final Supplier<String> dockerVersion;
  private final BuildInfo build;
  private final HostFiles host;
  private final boolean timed;

  /**
   * {@code timed}: whether to tell when the machine was read, as cAdvisor does and the kubelet not.
   */
  MachineSeries(
      Machine machine,
      Supplier<String> dockerVersion,
      BuildInfo build,
      HostFiles host,
      boolean timed) {
    this.machine = machine;
    this.dockerVersion = dockerVersion;
    this.build = build;
    this.host = host;
    this.timed = timed;
  }

  void version(Exposition out) {
    out.family(
            "cadvisor_version_info",
            "gauge",
            "A metric with a constant '1' value labeled by kernel version, OS version, docker"
                + " version, cadvisor version & cadvisor revision.")
        .sample(
            "cadvisor_version_info",
            1,
            "cadvisorRevision",
            build.gitCommit(),
            "cadvisorVersion",
            build.gitVersion(),
            "dockerVersion",
            dockerVersion.get(),
            "kernelVersion",
            host.text("proc/sys/kernel/osrelease"),
            "osVersion",
            osVersion());
  }

  private String osVersion() {
    return Stream.of("etc/os-release", "usr/lib/os-release")
        .flatMap(file -> host.lines(file).stream())
        .filter(line -> line.startsWith("PRETTY_NAME="))
        .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
        .findFirst()
        .orElse("Linux");
  }

  void machine(Exposition out) {
    var info = machine.info();
    gauge(out, info, "machine_cpu_cores", "Number of logical CPU cores.", info.numCores());
    gauge(
        out,
        info,
        "machine_cpu_physical_cores",
        "Number of physical CPU cores.",
        info.numPhysicalCores());
    gauge(out, info, "machine_cpu_sockets", "Number of CPU sockets.", info.numSockets());
    gauge(
        out,
        info,
        "machine_memory_bytes",
        "Amount of memory installed on the machine.",
        (double) info.memoryCapacity());
    gauge(out, info, "machine_nvm_avg_power_budget_watts", "NVM power budget.", 0);
    out.family(
        "machine_nvm_capacity",
        "gauge",
        "NVM capacity value labeled by NVM mode (memory mode or app direct mode).");
    for (var mode : new String[] {"app_direct_mode", "memory_mode"}) {
      out.sampleAt(
          "machine_nvm_capacity",
          time(),
          0,
          "boot_id",
          info.bootId(),
          "machine_id",
          info.machineId(),
          "mode",
          mode,
          "system_uuid",
          info.systemUuid());
    }
    out.family(
            "machine_scrape_error",
            "gauge",
            "1 if there was an error while getting machine metrics, 0 otherwise.")
        .sample("machine_scrape_error", 0);
  }

  private void gauge(Exposition out, MachineInfo info, String name, String help, double value) {
    out.family(name, "gauge", help)
        .sampleAt(
            name,
            time(),
            value,
            "boot_id",
            info.bootId(),
            "machine_id",
            info.machineId(),
            "system_uuid",
            info.systemUuid());
  }

  private long time() {
    return timed ? machine.readAt().toEpochMilli() : Exposition.NO_TIMESTAMP;
  }
}
