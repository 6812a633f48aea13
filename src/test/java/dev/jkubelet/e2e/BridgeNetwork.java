package dev.jkubelet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A network of Debian's CNI plugins: a bridge of its own with addresses of both families. Each
 * plugin is called through a script that writes down what it was told.
 */
final class BridgeNetwork implements AutoCloseable {
  private static final Path PLUGINS = Path.of("/usr/lib/cni");
  private static final String BRIDGE = "jkubelet-cni";

  /** One call of a plugin; {@code configuration} is what it was told. */
  record Call(String plugin, String command, String container, String configuration) {
    boolean is(String wanted) {
      return (plugin + " " + command).equals(wanted);
    }
  }

  private final Path folder;

  BridgeNetwork(Path folder) throws IOException {
    this.folder = folder;
    for (var name : List.of("conf", "bin", "leases")) {
      Files.createDirectories(folder.resolve(name));
    }
    if (!Files.isExecutable(PLUGINS.resolve("bridge"))) {
      throw new AssertionError("apt-get install containernetworking-plugins");
    }
    for (var plugin : List.of("loopback", "bridge", "portmap", "firewall")) {
      var script = folder.resolve("bin").resolve(plugin);
      Files.writeString(
          script,
          """
          #!/bin/sh
          told=$(cat)
          echo "%2$s $CNI_COMMAND $CNI_CONTAINERID $told" >>%1$s/calls
          [ "$CNI_COMMAND" = ADD ] && [ -e %1$s/stuck-%2$s ] && exec sleep 30
          printf %%s "$told" | %3$s/%2$s
          """
              .formatted(folder, plugin, PLUGINS));
      script.toFile().setExecutable(true);
    }
  }

  String[] flags() {
    return new String[] {
      "--network-plugin=cni",
      "--cni-conf-dir=" + folder.resolve("conf"),
      "--cni-bin-dir=" + folder.resolve("bin") + "," + PLUGINS,
      "--cni-cache-dir=" + folder.resolve("cache")
    };
  }

  void breakConfiguration() throws IOException {
    Files.writeString(conflist(), "{\"name\": \"half");
  }

  /** Beside Docker, which forwards nothing that is not its own, pods need the firewall's leave. */
  void configure() throws IOException {
    Files.writeString(
        conflist(),
        """
        {"cniVersion": "0.4.0", "name": "jkubelet-cni", "plugins": [
          {"type": "bridge", "bridge": "%s", "isGateway": true, "hairpinMode": true, "ipam": {
            "type": "host-local", "dataDir": "%s",
            "ranges": [[{"subnet": "10.87.0.0/24"}], [{"subnet": "fd00:87::/64"}]],
            "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}]}},
          {"type": "portmap", "snat": true, "capabilities": {"portMappings": true}},
          {"type": "firewall"}]}
        """
            .formatted(BRIDGE, folder.resolve("leases")));
  }

  private Path conflist() {
    return folder.resolve("conf/10-bridge.conflist");
  }

  /** From now on that plugin answers no ADD. */
  void stick(String plugin) throws IOException {
    Files.createFile(stuck(plugin));
  }

  void unstick(String plugin) throws IOException {
    Files.delete(stuck(plugin));
  }

  private Path stuck(String plugin) {
    return folder.resolve("stuck-" + plugin);
  }

  List<Call> calls() {
    try {
      return Files.exists(folder.resolve("calls"))
          ? Files.readAllLines(folder.resolve("calls")).stream()
              .map(line -> line.split(" ", 4))
              .map(parts -> new Call(parts[0], parts[1], parts[2], parts[3]))
              .toList()
          : List.of();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** What this network has of sandboxes: leases, interfaces, rules, and the agent's own notes. */
  List<String> traces() {
    return traces(_ -> true);
  }

  /** The same of one sandbox alone, as far as the name tells: its interface's does not. */
  List<String> traces(String container) {
    return traces(trace -> trace.contains(container));
  }

  private List<String> traces(Predicate<String> which) {
    try {
      var found = new ArrayList<String>();
      for (var address : in(folder.resolve("leases/jkubelet-cni"))) {
        if (address.getFileName().toString().matches("[0-9a-f]+[.:].*")) {
          found.add("lease " + address.getFileName() + " " + Files.readString(address));
        }
      }
      in(folder.resolve("cache/results")).forEach(file -> found.add("note " + file.getFileName()));
      var ports = Path.of("/sys/class/net", BRIDGE, "brif");
      in(ports).forEach(port -> found.add("interface " + port.getFileName()));
      for (var save : List.of("iptables-save", "ip6tables-save")) {
        Cluster.run(List.of(save))
            .lines()
            .filter(
                rule -> rule.contains("id: \\\"") || rule.matches("-A CNI-.*(10.87.|fd00:87).*"))
            .forEach(found::add);
      }
      return found.stream().filter(which).toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  /** The plugins leave the bridge, and the chains that all sandboxes share. */
  @Override
  public void close() {
    Cluster.run(
        List.of(
            "sh",
            "-c",
            """
            ip link delete %s
            for family in iptables ip6tables; do
              $family-save | grep -v CNI- | $family-restore
            done
            """
                .formatted(BRIDGE)));
  }
}
