package dev.jkubelet.stats;

import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Puts together what the kernel and the firmware say of the machine; cAdvisor's rules. */
record MachineReader(HostFiles host, DiskSpace.Source space) {
  static final String HUGE_PAGES = "sys/kernel/mm/hugepages";
  private static final String DMI = "sys/class/dmi/id/";
  private static final String MAX_FREQUENCY =
      "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq";
  private static final Pattern MEGAHERTZ =
      Pattern.compile("(?:cpu MHz|CPU MHz|clock)\\s*:\\s*([0-9]{1,9}\\.[0-9]{1,9})(?:MHz)?");
  private static final Pattern MEMORY = Pattern.compile("MemTotal:\\s*([0-9]{1,15}) kB");

  MachineInfo read(String timestamp) {
    var topology = new CpuTopology(host);
    var nodes = topology.nodes();
    var devices = new Devices(host);
    return new MachineInfo(
        timestamp,
        CpuTopology.logicalCores(nodes),
        topology.distinct("core id", "core_id"),
        topology.distinct("physical id", "physical_package_id"),
        frequency(),
        memory(),
        devices.memoryByType(),
        MachineInfo.Nvm.NONE,
        topology.hugePages(HUGE_PAGES),
        firstOf("etc/machine-id", "var/lib/dbus/machine-id"),
        firstOf(
            DMI + "product_uuid",
            "proc/device-tree/system-id",
            "proc/device-tree/vm,uuid",
            "etc/machine-id"),
        host.text("proc/sys/kernel/random/boot_id"),
        CpuTopology.nullIfEmpty(new MountedFilesystems(host, space).list()),
        devices.disks(),
        devices.networkDevices(),
        nodes,
        cloudProvider(),
        "Unknown",
        "None");
  }

  private long frequency() {
    var most = host.number(MAX_FREQUENCY);
    if (most.isPresent()) {
      return most.getAsLong();
    }
    var match = MEGAHERTZ.matcher(host.text("proc/cpuinfo"));
    return match.find() ? (long) (Double.parseDouble(match.group(1)) * 1000) : 0;
  }

  private long memory() {
    var match = MEMORY.matcher(host.text("proc/meminfo"));
    return match.find() ? Long.parseLong(match.group(1)) * 1024 : 0;
  }

  private String firstOf(String... files) {
    return Stream.of(files).map(host::text).filter(text -> !text.isEmpty()).findFirst().orElse("");
  }

  /**
   * From the firmware alone: type and id of the instance would take the cloud's metadata server.
   */
  private String cloudProvider() {
    if (host.text(DMI + "product_name").contains("Google")) {
      return "GCE";
    }
    if (Stream.of(DMI + "product_version", DMI + "bios_vendor", "etc/os-release")
        .anyMatch(file -> host.text(file).contains("amazon"))) {
      return "AWS";
    }
    return host.text(DMI + "sys_vendor").contains("Microsoft Corporation") ? "Azure" : "Unknown";
  }
}
