package dev.jkubelet.server.stream;

import dev.jkubelet.runtime.StandardStreams;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.util.ByteString;

/** The versions of the remote command protocol, the newest first. */
enum CommandProtocol {
  V4("v4.channel.k8s.io"),
  V3("v3.channel.k8s.io"),
  V2("v2.channel.k8s.io"),
  V1("channel.k8s.io");

  static final String ERROR = "error";
  static final String STDIN = "stdin";
  static final String STDOUT = "stdout";
  static final String STDERR = "stderr";
  static final String RESIZE = "resize";

  private final String protocolName;

  CommandProtocol(String protocolName) {
    this.protocolName = protocolName;
  }

  static List<String> names() {
    return List.of(values()).stream().map(protocol -> protocol.protocolName).toList();
  }

  static Optional<CommandProtocol> named(String name) {
    return List.of(values()).stream()
        .filter(protocol -> protocol.protocolName.equals(name))
        .findFirst();
  }

  /** The streams that a client opens, by their types. */
  Set<String> streams(StandardStreams wanted) {
    var types = new LinkedHashSet<String>();
    types.add(ERROR);
    if (wanted.stdin()) {
      types.add(STDIN);
    }
    if (wanted.stdout()) {
      types.add(STDOUT);
    }
    if (wanted.stderr()) {
      types.add(STDERR);
    }
    if (wanted.tty() && compareTo(V3) <= 0) {
      types.add(RESIZE);
    }
    return types;
  }

  /** What the error stream carries. */
  ByteString words(CommandResult result) {
    return this == V4 ? result.status() : ByteString.fromString(result.message());
  }
}
