package dev.jkubelet.stats;

import dev.jkubelet.stats.ContainerSample.NetworkInterface;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * cAdvisor's series of one network interface, sorted by name; all are counters.
 *
 * @param name without {@code container_network_}
 */
record NetworkSeries(String name, String help, ToLongFunction<NetworkInterface> value) {
  static final List<NetworkSeries> ALL =
      List.of(
          new NetworkSeries(
              "receive_bytes_total",
              "Cumulative count of bytes received",
              NetworkInterface::rxBytes),
          new NetworkSeries(
              "receive_errors_total",
              "Cumulative count of errors encountered while receiving",
              NetworkInterface::rxErrors),
          new NetworkSeries(
              "receive_packets_dropped_total",
              "Cumulative count of packets dropped while receiving",
              NetworkInterface::rxDropped),
          new NetworkSeries(
              "receive_packets_total",
              "Cumulative count of packets received",
              NetworkInterface::rxPackets),
          new NetworkSeries(
              "transmit_bytes_total",
              "Cumulative count of bytes transmitted",
              NetworkInterface::txBytes),
          new NetworkSeries(
              "transmit_errors_total",
              "Cumulative count of errors encountered while transmitting",
              NetworkInterface::txErrors),
          new NetworkSeries(
              "transmit_packets_dropped_total",
              "Cumulative count of packets dropped while transmitting",
              NetworkInterface::txDropped),
          new NetworkSeries(
              "transmit_packets_total",
              "Cumulative count of packets transmitted",
              NetworkInterface::txPackets));
}
