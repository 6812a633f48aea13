package dev.jkubelet.volume.csi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.grpc.GrpcClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin at its two sockets, from its registration to a volume's end. */
class PluginRegistrationTest {
  @TempDir private Path dir;
  private final ActorSystem system = ActorSystem.create("plugin-registration");
  private final CsiDrivers drivers = new CsiDrivers();
  private final Recorded recorded = new Recorded();
  private final PluginRegistration registration =
      new PluginRegistration(drivers, at -> GrpcClient.unix(system, at, "test/1"), recorded);
  private FolderPlugin plugin;
  private Path socket;

  /** What the cluster was told; refuses while it is to. */
  private static final class Recorded implements CsiNodeRecord {
    final List<String> told = new CopyOnWriteArrayList<>();
    volatile boolean away;

    @Override
    public void add(String driver, CsiNode.Info info) throws IOException {
      if (away) {
        throw new IOException("nobody answers");
      }
      told.add("+ " + driver + " " + info);
    }

    @Override
    public void remove(String driver) {
      told.add("- " + driver);
    }
  }

  @BeforeEach
  void startPlugin() throws IOException {
    plugin = FolderPlugin.start(dir.resolve("registry"), dir.resolve("data"));
    socket = dir.resolve("registry/" + FolderPlugin.DRIVER + "-reg.sock");
  }

  @AfterEach
  void close() throws IOException {
    plugin.close();
    system.terminate();
  }

  @Test
  void makesTheDriverKnownUntilItIsGone() throws Exception {
    var registered = registration.register(socket);

    assertThat(plugin.told).containsExactly("registered");
    var info =
        new CsiNode.Info("folders-of-this-node", 7, Map.of(FolderPlugin.DRIVER + "/rack", "r1"));
    assertThat(recorded.told).containsExactly("+ " + FolderPlugin.DRIVER + " " + info);
    var node = drivers.get(FolderPlugin.DRIVER);
    assertThat(node.capabilities())
        .isEqualTo(
            Set.of(CsiNode.Capability.STAGE_UNSTAGE_VOLUME, CsiNode.Capability.EXPAND_VOLUME));

    registration.deregister(registered);
    assertThatThrownBy(() -> drivers.get(FolderPlugin.DRIVER)).isInstanceOf(IOException.class);
    assertThat(recorded.told).last().isEqualTo("- " + FolderPlugin.DRIVER);
  }

  @Test
  void leavesTheOneThatTookItsPlace() throws Exception {
    var first = registration.register(socket);
    registration.register(socket);
    recorded.told.clear();
    registration.deregister(first);
    assertThat(drivers.get(FolderPlugin.DRIVER)).isNotNull();
    assertThat(recorded.told).isEmpty();
  }

  @Test
  void tellsAPluginWhyItIsRefused() {
    plugin.type = "DevicePlugin";
    assertThatThrownBy(() -> registration.register(socket)).isInstanceOf(IOException.class);
    plugin.type = "CSIPlugin";
    plugin.version = "2.0.0";
    assertThatThrownBy(() -> registration.register(socket)).isInstanceOf(IOException.class);
    plugin.version = "v1.0.0";
    recorded.away = true;
    assertThatThrownBy(() -> registration.register(socket)).hasMessage("nobody answers");

    assertThat(plugin.told)
        .containsExactly(
            "no handler registered for plugin type: DevicePlugin at socket " + socket,
            "kubernetes.io/csi: validation failed for CSI Driver %s at endpoint %s: none of the CSI versions reported by this driver are supported"
                .formatted(FolderPlugin.DRIVER, dir.resolve("data/csi.sock")),
            "nobody answers");
    assertThatThrownBy(() -> drivers.get(FolderPlugin.DRIVER)).isInstanceOf(IOException.class);
  }

  @Test
  void itsVolumesComeAndGo() throws Exception {
    registration.register(socket);
    var node = drivers.get(FolderPlugin.DRIVER);
    var staging = Files.createDirectories(dir.resolve("staged")).toString();
    var target = Files.createDirectories(dir.resolve("pod")).resolve("mount");
    var volume =
        new CsiNode.Volume(
            "vol-1",
            Map.of("device", "sdx"),
            Map.of("kind", "fast"),
            "ext4",
            List.of("noatime", "sync"),
            "ReadWriteMany");

    node.stage(volume, staging, Map.of());
    node.publish(volume, staging, target.toString(), true, Map.of("key", "secret"));
    Files.writeString(target.resolve("file"), "kept");
    node.expand(volume, target.toString(), staging, 1L << 40);

    assertThat(dir.resolve("data/vol-1/file")).hasContent("kept");
    var asked = plugin.published;
    assertThat(asked.map(2)).isEqualTo(Map.of("device", "sdx"));
    assertThat(asked.message(5).message(2).string(1)).isEqualTo("ext4");
    assertThat(asked.message(5).message(2).strings(2)).containsExactly("noatime", "sync");
    assertThat(asked.message(5).message(3).number(1)).isEqualTo(5);
    assertThat(asked.bool(6)).isTrue();
    assertThat(asked.map(7)).isEqualTo(Map.of("key", "secret"));
    assertThat(asked.map(8)).isEqualTo(Map.of("kind", "fast"));
    assertThat(plugin.calls).last().isEqualTo("to " + (1L << 40));

    plugin.broken = "out of order";
    assertThatThrownBy(() -> node.unpublish("vol-1", target.toString()))
        .hasMessage("rpc error: code = Internal desc = out of order");
    plugin.broken = "";
    node.unpublish("vol-1", target.toString());
    node.unstage("vol-1", staging);
    assertThat(target).doesNotExist();
    assertThat(dir.resolve("staged")).isEmptyDirectory();
  }
}
