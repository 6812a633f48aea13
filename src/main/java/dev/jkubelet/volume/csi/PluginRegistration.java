package dev.jkubelet.volume.csi;

import dev.jkubelet.grpc.GrpcClient;
import dev.jkubelet.grpc.GrpcFailure;
import dev.jkubelet.grpc.ProtoMessage;
import dev.jkubelet.grpc.ProtoWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * The kubelet's side of a plugin's registration: {@code pluginregistration.Registration}, served at
 * a socket that the plugin has put where the kubelet looks.
 */
public final class PluginRegistration {
  private static final String SERVICE = "/pluginregistration.Registration/";
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String TYPE = "CSIPlugin";

  private final CsiDrivers drivers;
  private final Function<Path, GrpcClient> dial;
  private final CsiNodeRecord record;

  /**
   * Registers plugins.
   *
   * @param dial makes the client of a socket
   */
  public PluginRegistration(
      CsiDrivers drivers, Function<Path, GrpcClient> dial, CsiNodeRecord record) {
    this.drivers = drivers;
    this.dial = dial;
    this.record = record;
  }

  /** A plugin that is registered, until it is gone. */
  public record Registered(String driver, CsiNode node) {}

  /** Asks who is there, makes it known and tells it so; blocks. */
  public Registered register(Path socket) throws IOException, InterruptedException {
    var client = dial.apply(socket);
    var plugin = call(client, "GetInfo", new ProtoWriter());
    try {
      var registered = register(plugin, socket);
      notify(client, new ProtoWriter().bool(1, true));
      return registered;
    } catch (IOException | GrpcFailure failure) {
      notify(client, new ProtoWriter().string(2, String.valueOf(failure.getMessage())));
      throw failure;
    }
  }

  private Registered register(ProtoMessage plugin, Path socket)
      throws IOException, InterruptedException {
    var type = plugin.string(1);
    var driver = plugin.string(2);
    var endpoint = plugin.string(3).isEmpty() ? socket : Path.of(plugin.string(3));
    if (!type.equals(TYPE)) {
      throw new IOException(
          "no handler registered for plugin type: " + type + " at socket " + socket);
    }
    if (driver.isEmpty() || !speaksVersion1(plugin.strings(4))) {
      throw new IOException(
          "kubernetes.io/csi: validation failed for CSI Driver %s at endpoint %s: none of the CSI versions reported by this driver are supported"
              .formatted(driver, endpoint));
    }
    var node = new CsiNodeClient(dial.apply(endpoint));
    var info = node.info();
    if (info.nodeId().isEmpty()) {
      throw new IOException("error adding CSI driver node info: driverNodeID must not be empty");
    }
    record.add(driver, info);
    drivers.add(driver, node);
    return new Registered(driver, node);
  }

  private static boolean speaksVersion1(List<String> versions) {
    return versions.stream().anyMatch(version -> version.matches("v?1(\\..*)?"));
  }

  /** The plugin is gone; blocks. Pods whose volumes are its own keep them. */
  public void deregister(Registered registered) throws IOException, InterruptedException {
    if (drivers.remove(registered.driver(), registered.node())) {
      record.remove(registered.driver());
    }
  }

  private static void notify(GrpcClient client, ProtoWriter status) throws InterruptedException {
    call(client, "NotifyRegistrationStatus", status);
  }

  private static ProtoMessage call(GrpcClient client, String method, ProtoWriter message)
      throws InterruptedException {
    return Answers.await(client.call(SERVICE + method, message, LIMIT));
  }
}
