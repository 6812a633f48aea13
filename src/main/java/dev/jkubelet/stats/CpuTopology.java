package dev.jkubelet.stats;

import dev.jkubelet.stats.MachineInfo.Cache;
import dev.jkubelet.stats.MachineInfo.Core;
import dev.jkubelet.stats.MachineInfo.HugePages;
import dev.jkubelet.stats.MachineInfo.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** NUMA nodes, their cores and caches, from {@code /sys/devices/system}; cAdvisor's rules. */
record CpuTopology(HostFiles host) {
  private static final String SYSTEM = "sys/devices/system/";
  private static final String CPU = SYSTEM + "cpu/";
  private static final Pattern MEMORY = Pattern.compile("MemTotal:\\s*([0-9]{1,15}) kB");

  /** A cache and how many CPUs share it. */
  private record SharedCache(Cache cache, int cpus) {}

  List<Node> nodes() {
    var names = host.names(SYSTEM + "node", "node[0-9]+");
    return names.isEmpty() ? bySocket() : names.stream().map(this::node).toList();
  }

  private Node node(String name) {
    var folder = SYSTEM + "node/" + name;
    var match = MEMORY.matcher(host.text(folder + "/meminfo"));
    long memory = match.find() ? Long.parseLong(match.group(1)) * 1024 : 0;
    return node(
        number(name),
        memory,
        hugePages(folder + "/hugepages"),
        cores(host.names(folder, "cpu[0-9]+")));
  }

  /** Without NUMA, a node stands for a socket. */
  private List<Node> bySocket() {
    var cpus = new TreeMap<Integer, List<String>>();
    for (var cpu : host.names(CPU, "cpu[0-9]+")) {
      topology(cpu, "physical_package_id")
          .ifPresent(socket -> cpus.computeIfAbsent((int) socket, _ -> new ArrayList<>()).add(cpu));
    }
    return cpus.entrySet().stream()
        .map(socket -> node(socket.getKey(), 0, null, cores(socket.getValue())))
        .toList();
  }

  List<HugePages> hugePages(String folder) {
    if (!host.isFolder(folder)) {
      return null;
    }
    return host.names(folder, "hugepages-[0-9]{1,12}kB").stream()
        .map(
            name ->
                new HugePages(
                    Long.parseLong(name.replaceAll("\\D", "")),
                    host.number(folder + "/" + name + "/nr_hugepages").orElse(0)))
        .toList();
  }

  /** Cores without their caches, in the order of their first thread. */
  private List<Core> cores(List<String> cpus) {
    var cores = new LinkedHashMap<Long, Core>();
    for (var cpu : cpus) {
      var id = topology(cpu, "core_id");
      if (!online(cpu) || id.isEmpty()) {
        continue;
      }
      int socket = (int) topology(cpu, "physical_package_id").orElse(0);
      var alone = new Core((int) id.getAsLong(), List.of(number(cpu)), null, socket);
      cores.merge(id.getAsLong(), alone, CpuTopology::joined);
    }
    return List.copyOf(cores.values());
  }

  private static Core joined(Core a, Core b) {
    return new Core(
        a.id(),
        Stream.concat(a.threads().stream(), b.threads().stream()).toList(),
        null,
        b.socketId());
  }

  /** The first CPU can't be switched off and has no such file on many machines. */
  private boolean online(String cpu) {
    var text = host.text(CPU + cpu + "/online");
    return text.equals("1") || (text.isEmpty() && cpu.equals("cpu0"));
  }

  /**
   * A cache that all threads of the node share, from the third level on, is the node's; one that
   * the threads of a core share is the core's; others are left out.
   */
  private Node node(int id, long memory, List<HugePages> hugePages, List<Core> bare) {
    var cores = new ArrayList<Core>();
    var shared = new LinkedHashSet<Cache>();
    for (var core : bare) {
      var own = new ArrayList<Cache>();
      int threads = core.threads().size();
      for (var found : caches(core.threads().getFirst())) {
        if (found.cpus() == threads * bare.size() && found.cache().level() > 2) {
          shared.add(found.cache());
        } else if (found.cpus() == threads) {
          own.add(found.cache());
        }
      }
      cores.add(new Core(core.id(), core.threads(), nullIfEmpty(own), core.socketId()));
    }
    return new Node(id, memory, hugePages, nullIfEmpty(cores), nullIfEmpty(List.copyOf(shared)));
  }

  private List<SharedCache> caches(int cpu) {
    var folder = CPU + "cpu" + cpu + "/cache";
    return host.names(folder, "index[0-9]+").stream()
        .map(
            index -> {
              var cache = folder + "/" + index + "/";
              var size = host.text(cache + "size").replaceAll("K$", "");
              return new SharedCache(
                  new Cache(
                      HostFiles.parse(size).orElse(0) * 1024,
                      host.text(cache + "type"),
                      (int) host.number(cache + "level").orElse(0)),
                  bits(host.text(cache + "shared_cpu_map")));
            })
        .toList();
  }

  /** Of a mask such as {@code 00000000,00000003}. */
  private static int bits(String mask) {
    return mask.chars()
        .map(digit -> Integer.bitCount(Math.max(0, Character.digit(digit, 16))))
        .sum();
  }

  private OptionalLong topology(String cpu, String file) {
    return host.number(CPU + cpu + "/topology/" + file);
  }

  private static int number(String name) {
    return Integer.parseInt(name.replaceAll("\\D", ""));
  }

  static <T> List<T> nullIfEmpty(List<T> list) {
    return list.isEmpty() ? null : list;
  }

  /** How many CPUs are in use. */
  static int logicalCores(List<Node> nodes) {
    return nodes.stream()
        .filter(node -> node.cores() != null)
        .flatMap(node -> node.cores().stream())
        .mapToInt(core -> core.threads().size())
        .sum();
  }

  /** How many different values a line of {@code /proc/cpuinfo} has; else those of a sysfs file. */
  int distinct(String cpuinfoLine, String topologyFile) {
    var values = new HashSet<String>();
    for (var line : host.lines("proc/cpuinfo")) {
      if (line.matches(cpuinfoLine + "\\s*:\\s*[0-9]+")) {
        values.add(line);
      }
    }
    if (values.isEmpty()) {
      host.names(CPU, "cpu[0-9]+").stream()
          .filter(this::online)
          .forEach(
              cpu ->
                  topology(cpu, topologyFile).ifPresent(value -> values.add(Long.toString(value))));
    }
    return values.size();
  }
}
