package dev.jkubelet.node.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeAddressesTest {
  private static final List<NodeAddresses.Link> LINKS =
      List.of(
          new NodeAddresses.Link("lo", true, false, ips("127.0.0.1 ::1")),
          new NodeAddresses.Link("down", false, true, ips("198.51.100.9")),
          new NodeAddresses.Link("eth0", true, true, ips("fe80::1 192.0.2.2 2001:db8::2")),
          new NodeAddresses.Link("eth1", true, true, ips("203.0.113.3")));

  @ParameterizedTest
  @CsvSource({
    "192.0.2.2, n, '', eth1, 192.0.2.2",
    "192.0.2.2 2001:db8::2, n, '', eth1, 192.0.2.2 2001:db8::2",
    "192.0.2.77, n, '', eth1, ''", // not this machine's
    "127.0.0.1, n, '', eth1, ''",
    "'', 192.0.2.2, '', eth1, 192.0.2.2", // the name is an address
    "'', n, 127.0.0.1 192.0.2.2, eth1, 192.0.2.2", // DNS, as far as it is of use
    "'', n, 2001:db8::2 192.0.2.2, eth1, 192.0.2.2",
    "::, n, 192.0.2.2 2001:db8::2, eth1, 2001:db8::2",
    "'', n, 127.0.0.1, eth1, 203.0.113.3", // the default route
    "'', n, '', eth0, 192.0.2.2",
    "::, n, '', eth0, 2001:db8::2",
    "'', n, '', down, 192.0.2.2", // a route that leads nowhere
    "'', n, '', '', 192.0.2.2",
  })
  void areFoundAsTheKubeletFindsThem(
      String given, String name, String dns, String route, String expected) {
    var host =
        new NodeAddresses.Host() {
          @Override
          public List<NodeAddresses.Link> links() {
            return LINKS;
          }

          @Override
          public List<String> defaultRoutes(boolean v4) {
            return List.of(route);
          }

          @Override
          public List<InetAddress> lookup(String asked) {
            return ips(dns);
          }
        };
    assertThat(NodeAddresses.find(ips(given), name, host)).isEqualTo(ips(expected));
  }

  @Test
  void defaultRoutesAreReadFromTheKernelsTables() {
    assertThat(
            HostAddresses.defaultRoutes(
                Stream.of(
                    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU",
                    "eth1\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0",
                    "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0"),
                true))
        .containsExactly("eth0");
    var zero = "0".repeat(32);
    assertThat(
            HostAddresses.defaultRoutes(
                Stream.of(
                    zero + " 00 " + zero + " 00 " + zero + " 400 1 0 3     eth0",
                    "fe80" + "0".repeat(28) + " 40 " + zero + " 00 " + zero + " 1 1 0 1 eth1"),
                false))
        .containsExactly("eth0");
  }

  private static List<InetAddress> ips(String text) {
    return text.isEmpty()
        ? List.of()
        : Stream.of(text.split(" ", -1)).map(InetAddress::ofLiteral).toList();
  }
}
