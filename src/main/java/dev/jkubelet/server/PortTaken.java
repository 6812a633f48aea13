package dev.jkubelet.server;

import java.net.InetSocketAddress;

/** A port can't be listened on; the message names its flag, what was expected, and why. */
public final class PortTaken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PortTaken(String flag, InetSocketAddress at, Throwable cause) {
    super(
        "%s %d: expected a free address, but %s:%d can't be bound: %s"
            .formatted(
                flag, at.getPort(), at.getAddress().getHostAddress(), at.getPort(), root(cause)),
        cause);
  }

  private static String root(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    var message = String.valueOf(cause.getMessage());
    // Pekko puts the address, which is told already, in brackets before the system's reason.
    return message.substring(message.lastIndexOf("] ") < 0 ? 0 : message.lastIndexOf("] ") + 2);
  }
}
