package dev.jkubelet.probe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.Locale;

/** Connects, with the words of Go's net package when it can't. */
final class Dial {
  private Dial() {}

  /** {@code host:port}, an IPv6 address in brackets. */
  static String address(String host, int port) {
    return (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }

  /** Blocks until it is connected or the caller is interrupted. */
  static Socket tcp(String host, int port) throws IOException {
    var socket = new Socket();
    try {
      var address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new UnknownHostException(host);
      }
      socket.connect(address);
      return socket;
    } catch (IOException failure) {
      socket.close();
      throw new IOException(text(host, port, failure), failure);
    }
  }

  static String timedOut(String host, int port) {
    return "dial tcp " + address(host, port) + ": i/o timeout";
  }

  private static String text(String host, int port, IOException failure) {
    return switch (failure) {
      case UnknownHostException _ -> "dial tcp: lookup " + host + ": no such host";
      case NoRouteToHostException _, ConnectException _ ->
          "dial tcp " + address(host, port) + ": connect: " + lowerCase(failure);
      default -> "dial tcp " + address(host, port) + ": " + failure.getMessage();
    };
  }

  private static String lowerCase(IOException failure) {
    var message = String.valueOf(failure.getMessage());
    int details = message.indexOf(" (");
    return (details < 0 ? message : message.substring(0, details)).toLowerCase(Locale.ROOT);
  }
}
