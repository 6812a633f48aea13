package dev.jkubelet.pod;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.cni.CniOptions;
import dev.jkubelet.runtime.cni.CniRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A network whose plugins are scripts: one leases an address, the next connects, if it works. */
final class ScriptedNetwork {
  private final Path root;

  /** Keeps its files in that folder. */
  ScriptedNetwork(Path root) throws IOException {
    this.root = root;
    for (var folder : List.of("conf", "bin", "leases")) {
      Files.createDirectories(root.resolve(folder));
    }
    isThere();
    plugin("loopback", "");
    plugin(
        "lease",
        """
        [ $CNI_COMMAND = ADD ] && touch leases/$CNI_CONTAINERID
        [ $CNI_COMMAND = DEL ] && rm -f leases/$CNI_CONTAINERID
        """);
    plugin(
        "link",
        "[ $CNI_COMMAND = ADD ] && [ -e broken ] && echo '{\"msg\": \"no luck\"}' && exit 1");
  }

  private void plugin(String type, String deeds) throws IOException {
    var file = root.resolve("bin").resolve(type);
    Files.writeString(
        file,
        """
        #!/bin/sh
        cat >/dev/null
        cd %s
        %s
        echo '{"cniVersion": "0.4.0", "ips": [{"address": "10.1.0.5/16"}]}'
        """
            .formatted(root, deeds));
    file.toFile().setExecutable(true);
  }

  /** An engine whose sandboxes it connects. */
  ContainerRuntime connecting(ContainerRuntime engine) {
    var options =
        new CniOptions(
            root.resolve("conf"),
            List.of(root.resolve("bin")),
            root.resolve("cache"),
            Duration.ofSeconds(20));
    return new CniRuntime(engine, options, new BlockingCalls(8));
  }

  void isMissing() throws IOException {
    Files.delete(configuration());
  }

  void isThere() throws IOException {
    Files.writeString(
        configuration(),
        """
        {"cniVersion": "0.4.0", "name": "net", "plugins": [{"type": "lease"}, {"type": "link"}]}
        """);
  }

  private Path configuration() {
    return root.resolve("conf/net.conflist");
  }

  /** Its last plugin fails from now on. */
  void breaks() throws IOException {
    Files.createFile(root.resolve("broken"));
  }

  void works() throws IOException {
    Files.delete(root.resolve("broken"));
  }

  /** Of which containers. */
  List<String> leases() {
    return List.of(root.resolve("leases").toFile().list());
  }
}
