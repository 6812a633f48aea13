package dev.jkubelet.stats;

import dev.jkubelet.stats.MachineInfo.Disk;
import dev.jkubelet.stats.MachineInfo.MemoryModules;
import dev.jkubelet.stats.MachineInfo.NetworkDevice;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Block devices, network devices and memory modules, from {@code /sys}; cAdvisor's rules. */
record Devices(HostFiles host) {
  private static final String BLOCK = "sys/block/";
  private static final String NET = "sys/class/net/";
  private static final String MEMORY = "sys/devices/system/edac/mc/";
  private static final int SECTOR = 512;
  private static final Pattern SCHEDULER = Pattern.compile("\\[(.*)]");

  /** By major:minor, loop devices, RAM disks and CD drives left out. */
  Map<String, Disk> disks() {
    var disks = new TreeMap<String, Disk>();
    for (var name : host.names(BLOCK, "(?!loop|ram|sr).*")) {
      var numbers = host.text(BLOCK + name + "/dev");
      if (numbers.matches("[0-9]{1,9}:[0-9]{1,9}")) {
        var parts = numbers.split(":", -1);
        var scheduler = SCHEDULER.matcher(host.text(BLOCK + name + "/queue/scheduler"));
        disks.put(
            numbers,
            new Disk(
                name,
                Long.parseLong(parts[0]),
                Long.parseLong(parts[1]),
                host.number(BLOCK + name + "/size").orElse(0) * SECTOR,
                scheduler.find() ? scheduler.group(1) : "none"));
      }
    }
    return disks;
  }

  /** Loopback, Docker's bridge and containers' ends left out. */
  List<NetworkDevice> networkDevices() {
    return host.names(NET, "(?!lo|veth|docker).*").stream()
        .filter(name -> host.isFolder(NET + name))
        .map(
            name ->
                new NetworkDevice(
                    name,
                    host.text(NET + name + "/address"),
                    host.number(NET + name + "/speed").orElse(0),
                    host.number(NET + name + "/mtu").orElse(0)))
        .toList();
  }

  /** What the memory controllers' drivers say of the modules; sizes are in MiB there. */
  Map<String, MemoryModules> memoryByType() {
    var modules = new TreeMap<String, MemoryModules>();
    for (var controller : host.names(MEMORY, "mc[0-9]+")) {
      for (var module : host.names(MEMORY + controller, "dimm[0-9]+")) {
        var folder = MEMORY + controller + "/" + module + "/";
        var one = new MemoryModules(host.number(folder + "size").orElse(0) << 20, 1);
        modules.merge(
            host.text(folder + "dimm_mem_type"),
            one,
            (a, b) -> new MemoryModules(a.capacity() + b.capacity(), a.count() + b.count()));
      }
    }
    return modules;
  }
}
