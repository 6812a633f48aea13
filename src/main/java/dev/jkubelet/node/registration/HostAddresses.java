package dev.jkubelet.node.registration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** This machine's interfaces, routes and name service. */
final class HostAddresses implements NodeAddresses.Host {
  private static final Path V4_ROUTES = Path.of("/proc/net/route");
  private static final Path V6_ROUTES = Path.of("/proc/net/ipv6_route");

  @Override
  public List<NodeAddresses.Link> links() {
    try {
      return NetworkInterface.networkInterfaces().map(HostAddresses::link).toList();
    } catch (SocketException _) {
      return List.of();
    }
  }

  private static NodeAddresses.Link link(NetworkInterface nic) {
    try {
      return new NodeAddresses.Link(
          nic.getName(),
          nic.isUp(),
          !nic.isLoopback() && !nic.isPointToPoint(),
          nic.inetAddresses().toList());
    } catch (SocketException _) {
      return new NodeAddresses.Link(nic.getName(), false, false, List.of());
    }
  }

  @Override
  public List<String> defaultRoutes(boolean v4) {
    try (var lines = Files.lines(v4 ? V4_ROUTES : V6_ROUTES)) {
      return defaultRoutes(lines, v4);
    } catch (IOException | UncheckedIOException _) {
      return List.of();
    }
  }

  /** Of the kernel's tables: destination and mask (or prefix length) are zero. */
  static List<String> defaultRoutes(Stream<String> lines, boolean v4) {
    return lines
        .map(line -> line.strip().split("\\s+", -1))
        .filter(
            f ->
                v4
                    ? f.length > 7 && f[1].equals("00000000") && f[7].equals("00000000")
                    : f.length > 9 && f[0].matches("0{32}") && f[1].equals("00"))
        .map(f -> v4 ? f[0] : f[9])
        .toList();
  }

  @Override
  public List<InetAddress> lookup(String name) {
    try {
      return List.of(InetAddress.getAllByName(name));
    } catch (UnknownHostException _) {
      return List.of();
    }
  }
}
