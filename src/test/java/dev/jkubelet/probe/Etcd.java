package dev.jkubelet.probe;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;

/**
 * A gRPC server with health checks, until it is closed: etcd has them.
 *
 * @param port of the loopback
 */
public record Etcd(Process process, int port) implements AutoCloseable {
  /** Begins; it answers a while later. */
  public static Etcd start(Path data) throws IOException {
    int port = freePort();
    var client = "http://127.0.0.1:" + port;
    var peer = "http://127.0.0.1:" + freePort();
    var process =
        new ProcessBuilder(
                "etcd",
                "--data-dir=" + data,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new Etcd(process, port);
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
