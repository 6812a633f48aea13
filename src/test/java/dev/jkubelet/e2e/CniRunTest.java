package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods on a bridge that Debian's CNI plugins make. */
class CniRunTest extends AgentRun {
  private static final Pattern ADDRESS = Pattern.compile("\"podIP\":\"(10\\.222\\.[0-9.]+)\"");
  private static final String SERVES =
      "trap 'exit 0' TERM; mkdir /w; hostname >/w/name; httpd -p 8080 -h /w; while true; do sleep"
          + " 1; done";

  private Path leases;

  @BeforeEach
  void configuresANetwork() throws IOException {
    leases = state.resolve("leases/test");
    var folder = Files.createDirectories(state.resolve("cni"));
    Files.writeString(
        folder.resolve("10-test.conflist"),
        """
        {"cniVersion": "0.4.0", "name": "test", "plugins": [
          {"type": "bridge", "bridge": "jkubelet-test0", "isGateway": true,
           "ipam": {"type": "host-local", "dataDir": "%s",
                    "ranges": [[{"subnet": "10.222.0.0/24"}], [{"subnet": "fd00:222::/64"}]]}},
          {"type": "portmap", "capabilities": {"portMappings": true}}]}
        """
            .formatted(leases.getParent()));
  }

  private void start() throws IOException {
    agent.start(
        "--network-plugin=cni",
        "--cni-conf-dir=" + state.resolve("cni"),
        "--cni-bin-dir=/opt/cni/bin,/usr/lib/cni",
        "--cni-cache-dir=" + state.resolve("cache"));
  }

  @Test
  void reachEachOtherAndGiveTheirAddressesBack() throws IOException {
    agent.write("one.yaml", pod("one", SERVES));
    agent.write("two.yaml", pod("two", SERVES));
    start();
    eventually("both have an address", () -> addresses().size() == 2);
    assertThat(leases()).hasSize(4);
    assertThat(agent.pods()).contains("{\"ip\":\"fd00:222::");

    var one = Docker.running("k8s_main_one").getFirst();
    for (var address : addresses()) {
      eventually(
          "one reaches " + address,
          () ->
              Docker.run("exec", one, "wget", "-qO-", "http://" + address + ":8080/name").stream()
                  .anyMatch(line -> line.startsWith("one") || line.startsWith("two")));
      assertThat(agent.get("http://" + address + ":8080/name").statusCode()).isEqualTo(200);
    }

    Files.delete(agent.manifests.resolve("two.yaml"));
    eventually("the address of two is free", () -> leases().size() == 2);

    agent.kill();
    Docker.all("k8s_").forEach(id -> Docker.run("rm", "-f", id));
    Files.delete(agent.manifests.resolve("one.yaml"));
    start();
    eventually("that of one, which is gone, is free", () -> leases().isEmpty());
  }

  private List<String> addresses() {
    return ADDRESS.matcher(agent.pods()).results().map(found -> found.group(1)).distinct().toList();
  }

  private List<Path> leases() {
    try (Stream<Path> files = Files.list(leases)) {
      return files.filter(file -> file.getFileName().toString().matches("(10|fd00).*")).toList();
    } catch (IOException none) {
      return List.of();
    }
  }
}
