package dev.jkubelet.app;

import dev.jkubelet.grpc.GrpcClient;
import dev.jkubelet.node.plugin.PluginSockets;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.volume.csi.CsiDrivers;
import dev.jkubelet.volume.csi.CsiNodeRecord;
import dev.jkubelet.volume.csi.PluginRegistration;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Who sees CSI drivers come and go. */
final class PluginWiring {
  private PluginWiring() {}

  static void spawn(
      ActorContext<?> context,
      Path rootDir,
      CsiDrivers drivers,
      CsiNodeRecord record,
      BlockingCalls calls) {
    var system = context.getSystem();
    var registration =
        new PluginRegistration(
            drivers, socket -> GrpcClient.unix(system, socket, "kubelet/v1.20.2"), record);
    context.spawn(
        PluginSockets.create(
            rootDir.toAbsolutePath().resolve("plugins_registry"),
            new Registered(registration),
            calls),
        "plugin-sockets");
  }

  private record Registered(PluginRegistration registration) implements PluginSockets.Registrar {
    @Override
    public PluginRegistration.Registered register(Path socket)
        throws IOException, InterruptedException {
      return registration.register(socket);
    }

    @Override
    public void deregister(PluginRegistration.Registered plugin)
        throws IOException, InterruptedException {
      registration.deregister(plugin);
    }
  }
}
