package dev.jkubelet.node.registration;

import io.fabric8.kubernetes.api.model.NodeAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which of the machine's addresses are the node's, found as the kubelet does: those it is given,
 * the node's name if it is one, what DNS says of the name, the interface of the default route.
 */
public final class NodeAddresses {
  private NodeAddresses() {}

  /**
   * An interface of the machine.
   *
   * @param external neither loopback nor point to point
   */
  record Link(String name, boolean up, boolean external, List<InetAddress> addresses) {}

  /** What has to be asked. */
  interface Host {
    List<Link> links();

    /** Names of the interfaces of default routes; empty when there are none. */
    List<String> defaultRoutes(boolean v4);

    /** What DNS and {@code /etc/hosts} say, empty when nothing. */
    List<InetAddress> lookup(String name);
  }

  /**
   * At most two, none when there is none or when a given one is not this machine's. Blocks for DNS.
   *
   * @param given {@code --node-ip}
   * @param nodeName {@code --hostname-override} or the host name
   */
  public static List<InetAddress> find(List<InetAddress> given, String nodeName) {
    return find(given, nodeName, new HostAddresses());
  }

  /** As a Node's status tells them. */
  public static List<NodeAddress> objects(List<String> ips, String hostname) {
    return Stream.concat(
            ips.stream().map(ip -> new NodeAddress(ip, "InternalIP")),
            Stream.of(new NodeAddress(hostname, "Hostname")))
        .toList();
  }

  static List<InetAddress> find(List<InetAddress> given, String nodeName, Host host) {
    var chosen = given.stream().filter(ip -> !ip.isAnyLocalAddress()).toList();
    var links = host.links();
    if (chosen.size() == given.size() && !given.isEmpty()) {
      return chosen.stream().allMatch(ip -> usable(ip, links)) ? chosen : List.of();
    }
    if (!chosen.isEmpty()) {
      return usable(chosen.getFirst(), links) ? List.of(chosen.getFirst()) : List.of();
    }
    boolean v4 = given.isEmpty() || isV4(given.getFirst());
    return literal(nodeName)
        .or(() -> preferred(host.lookup(nodeName).stream().filter(ip -> usable(ip, links)), v4))
        .or(() -> routed(host, links, v4))
        .or(() -> routed(host, links, !v4))
        .or(() -> preferred(outward(links), v4))
        .map(List::of)
        .orElse(List.of());
  }

  /** A name that is an address; asking for anything else would ask DNS. */
  private static Optional<InetAddress> literal(String name) {
    try {
      return Optional.of(InetAddress.ofLiteral(name));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static Optional<InetAddress> preferred(Stream<InetAddress> ips, boolean v4) {
    var all = ips.toList();
    return all.stream().filter(ip -> isV4(ip) == v4).findFirst().or(() -> all.stream().findFirst());
  }

  private static Optional<InetAddress> routed(Host host, List<Link> links, boolean v4) {
    return host.defaultRoutes(v4).stream()
        .flatMap(name -> links.stream().filter(link -> link.name().equals(name)))
        .filter(Link::up)
        .flatMap(link -> link.addresses().stream())
        .filter(ip -> isV4(ip) == v4 && global(ip))
        .findFirst();
  }

  private static Stream<InetAddress> outward(List<Link> links) {
    return links.stream()
        .filter(link -> link.up() && link.external())
        .flatMap(link -> link.addresses().stream())
        .filter(NodeAddresses::global);
  }

  private static boolean usable(InetAddress ip, List<Link> links) {
    return global(ip)
        && links.stream().flatMap(link -> link.addresses().stream()).anyMatch(sameAs(ip));
  }

  /** An IPv6 address of an interface carries its scope, which a given one does not. */
  private static Predicate<InetAddress> sameAs(InetAddress ip) {
    return other -> Arrays.equals(ip.getAddress(), other.getAddress());
  }

  private static boolean global(InetAddress ip) {
    return !ip.isLoopbackAddress()
        && !ip.isMulticastAddress()
        && !ip.isLinkLocalAddress()
        && !ip.isAnyLocalAddress();
  }

  private static boolean isV4(InetAddress ip) {
    return ip instanceof Inet4Address;
  }
}
