package dev.jkubelet.server.cadvisor;

import dev.jkubelet.stats.MachineInfo;
import java.util.List;
import org.apache.pekko.util.ByteString;

/** The machine: what it is made of. */
final class MachinePage {
  private MachinePage() {}

  static ByteString render(MachineFacts facts) {
    var machine = facts.machine().info();
    return Frame.page(
        "/machine/",
        "Machine",
        html -> {
          html.leaf("h1", "Machine");
          Frame.facts(html, facts(facts, machine));
          disks(html, machine);
          networks(html, machine);
        });
  }

  private static List<List<String>> facts(MachineFacts facts, MachineInfo machine) {
    return List.of(
        List.of("System", facts.os()),
        List.of("Kernel", facts.kernel()),
        List.of("Docker", facts.docker().get()),
        List.of("Processors", machine.numCores() + ""),
        List.of("Cores", machine.numPhysicalCores() + ""),
        List.of("Sockets", machine.numSockets() + ""),
        List.of("NUMA nodes", nodes(machine) + ""),
        List.of(
            "Frequency", machine.cpuFrequency() == 0 ? "" : machine.cpuFrequency() / 1000 + " MHz"),
        List.of("Memory", Unit.BYTES.text(machine.memoryCapacity())),
        List.of("Machine id", machine.machineId()),
        List.of("System UUID", machine.systemUuid()),
        List.of("Boot id", machine.bootId()));
  }

  private static int nodes(MachineInfo machine) {
    return machine.topology() == null ? 0 : machine.topology().size();
  }

  private static void disks(Html html, MachineInfo machine) {
    if (machine.diskMap() == null || machine.diskMap().isEmpty()) {
      return;
    }
    html.leaf("h2", "Disks");
    Frame.head(html, "Name", "Number", "Size", "Scheduler");
    for (var disk : machine.diskMap().values()) {
      html.open("tr").leaf("td", disk.name()).leaf("td", disk.major() + ":" + disk.minor());
      html.leaf("td", Unit.BYTES.text(disk.size())).leaf("td", disk.scheduler()).close("tr");
    }
    Frame.foot(html);
  }

  private static void networks(Html html, MachineInfo machine) {
    if (machine.networkDevices() == null || machine.networkDevices().isEmpty()) {
      return;
    }
    html.leaf("h2", "Network devices");
    Frame.head(html, "Name", "Address", "Speed", "MTU");
    for (var device : machine.networkDevices()) {
      html.open("tr").leaf("td", device.name()).leaf("td", device.macAddress());
      html.leaf("td", device.speed() <= 0 ? "–" : device.speed() + " Mbit/s");
      html.leaf("td", device.mtu() + "").close("tr");
    }
    Frame.foot(html);
  }
}
