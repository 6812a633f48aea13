package dev.jkubelet.stats.kernel;

import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The counters of a network namespace's interfaces. The file is opened for each reading: an open
 * one would keep the namespace of a dead pod.
 */
public final class NetworkCounters {
  private NetworkCounters() {}

  /**
   * Those of the process' namespace, in the kernel's order; loopback, Docker's bridge and
   * containers' ends are left out as in cAdvisor. None when the process is gone.
   *
   * @param proc {@code /proc}
   */
  public static List<NetworkInterface> of(Path proc, String pid, KernelText text) {
    var interfaces = new ArrayList<NetworkInterface>();
    if (!text.read(proc.resolve(pid).resolve("net/dev"))) {
      return interfaces;
    }
    while (text.nextLine()) {
      var name = text.until(':');
      if (!name.isEmpty() && !isIgnored(name)) {
        interfaces.add(counters(name, text));
      }
    }
    return List.copyOf(interfaces);
  }

  /** Bytes, packets, errors, drops of each direction; four columns stand between them. */
  private static NetworkInterface counters(String name, KernelText text) {
    long rxBytes = text.number();
    long rxPackets = text.number();
    long rxErrors = text.number();
    long rxDropped = text.number();
    for (int i = 0; i < 4; i++) {
      text.number();
    }
    return new NetworkInterface(
        name,
        rxBytes,
        rxPackets,
        rxErrors,
        rxDropped,
        text.number(),
        text.number(),
        text.number(),
        text.number());
  }

  private static boolean isIgnored(String name) {
    return name.equals("lo") || name.startsWith("veth") || name.startsWith("docker");
  }
}
